// Small parts of the desk: buttons with their icon, word and key; a menu; the seconds; what was refused.
import { html, useEffect, useLayoutEffect, useRef, useState } from "../vendor.js";
import { t } from "../i18n.js";
import { Icon, useSecond } from "../ui.js";
import { clearRefusal, link, refusals } from "./store.js";

export { useSecond };

/** An icon; 20 px, or 16 in small controls. Always beside a word or in something labelled. */
export const I = (name, small = true) => html`<${Icon} name=${name} small=${small} />`;

/** Commands need the server: their buttons are disabled while it is away, never hidden. */
export function online() {
  const status = link.status.value;
  return !status || status.online !== false;
}

const OFFLINE = () => t("Works again when the connection is back.");

/**
 * A button. `icon`, `label`, `kbd` (a key, shown), `kind` main | air | bare, `small` (default), `only` (icon alone, the label is
 * read out), `server` (needs the connection; default), `why` (why it is disabled).
 */
export function Btn({ icon, label, kbd, kind, small = true, only, server = true, disabled, why, pressed, busy, onClick, className, act, expanded, popup, id, type, current, describe, iconSmall }) {
  const off = disabled || (server && !online());
  const reason = server && !online() ? OFFLINE() : why;
  const classes = ["btn", small && "btn--s", kind && `btn--${kind}`, only && "btn--icon", className].filter(Boolean).join(" ");
  return html`<button type=${type || "button"} class=${classes} disabled=${!!off} onClick=${onClick} id=${id} data-act=${act}
    aria-label=${only ? (kbd ? t("{label}, key {key}", { label, key: kbd }) : label) : describe || undefined} title=${off && reason ? reason : only ? (kbd ? `${label} (${kbd})` : label) : undefined}
    aria-pressed=${pressed === undefined ? undefined : String(!!pressed)} aria-busy=${busy ? "true" : undefined}
    aria-expanded=${expanded === undefined ? undefined : String(!!expanded)} aria-haspopup=${popup} aria-current=${current ? "true" : undefined} aria-keyshortcuts=${kbd || undefined}>
    ${icon ? I(icon, iconSmall === undefined ? small : iconSmall) : null}${only ? null : label}${kbd && !only ? html`${" "}<kbd aria-hidden="true">${kbd}</kbd>` : null}</button>`;
}

/** Keeps what was drawn for a row while nothing it is drawn from has changed: `keep(id, [parts], () => vnode)`. */
export function useKept() {
  const kept = useRef(null);
  if (!kept.current) kept.current = new Map();
  return (id, parts, make) => {
    const was = kept.current.get(id);
    if (was && was.parts.length === parts.length && was.parts.every((part, i) => part === parts[i])) return was.vnode;
    if (kept.current.size > 600) kept.current.clear();
    const vnode = make();
    kept.current.set(id, { parts, vnode });
    return vnode;
  };
}

/** Whether a media query holds, followed. */
export function useMedia(query) {
  const [matches, set] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const read = () => set(list.matches);
    read();
    list.addEventListener("change", read);
    return () => list.removeEventListener("change", read);
  }, [query]);
  return matches;
}

/** A button that opens a list of choices. `items`: [{label, hint?, checked?, disabled?, icon?, kbd?, run} | null for a line]. */
export function Menu({ label, icon, items, kind, small = true, only, className, align = "end", caret = true, server = false, describe, up }) {
  const [open, setOpen] = useState(false);
  const root = useRef(null);
  const list = useRef(null);
  const close = (back) => {
    setOpen(false);
    if (back && root.current) root.current.querySelector("button").focus();
  };
  useEffect(() => {
    if (!open) return undefined;
    const first = list.current.querySelector('[aria-checked="true"]:not([disabled])') || list.current.querySelector("button:not([disabled])");
    if (first) first.focus();
    const outside = (event) => { if (!root.current.contains(event.target)) close(false); };
    document.addEventListener("pointerdown", outside, true);
    return () => document.removeEventListener("pointerdown", outside, true);
  }, [open]);
  useLayoutEffect(() => {
    // The list floats in the window, so that no scrolling column cuts it off.
    if (!open) return;
    const from = root.current.getBoundingClientRect();
    const el = list.current;
    const high = el.offsetHeight;
    const wide = el.offsetWidth;
    const below = from.bottom + 4 + high <= innerHeight || from.top < high;
    el.style.top = `${Math.max(4, Math.min(up || !below ? from.top - high - 4 : from.bottom + 4, innerHeight - high - 4))}px`;
    el.style.left = `${Math.max(4, Math.min(align === "end" ? from.right - wide : from.left, innerWidth - wide - 4))}px`;
  }, [open]);
  const onKey = (event) => {
    const all = [...list.current.querySelectorAll("button:not([disabled])")];
    const at = all.indexOf(document.activeElement);
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); close(true); }
    else if (event.key === "ArrowDown") { event.preventDefault(); (all[at + 1] || all[0]).focus(); }
    else if (event.key === "ArrowUp") { event.preventDefault(); (all[at - 1] || all[all.length - 1]).focus(); }
    else if (event.key === "Home") { event.preventDefault(); all[0].focus(); }
    else if (event.key === "End") { event.preventDefault(); all[all.length - 1].focus(); }
    else if (event.key === "Tab") close(false);
    else if (event.key.length === 1) {
      const hit = all.find((button) => button.textContent.trim().toLowerCase().startsWith(event.key.toLowerCase()));
      if (hit) hit.focus();
    }
    event.stopPropagation();
  };
  const choice = items.some((item) => item && item.checked !== undefined);
  return html`<span class=${`menu ${className || ""}`} ref=${root}>
    <button type="button" class=${["btn", small && "btn--s", kind && `btn--${kind}`, only && "btn--icon"].filter(Boolean).join(" ")} aria-haspopup="menu" aria-expanded=${String(open)}
      aria-label=${only ? label : describe || undefined} title=${only ? label : undefined} disabled=${server && !online()} onClick=${() => setOpen(!open)}>
      ${icon ? I(icon, small) : null}${only ? null : html`<span class="clip">${label}</span>`}${caret && !only ? I("chevron-down") : null}</button>
    ${open ? html`<ul class="menu-list" role="menu" ref=${list} onKeyDown=${onKey}>${items.map((item, i) => (item
      ? html`<li role="none" key=${i}><button type="button" role=${choice && item.checked !== undefined ? "menuitemradio" : "menuitem"} tabindex="-1" disabled=${item.disabled}
          aria-checked=${item.checked === undefined ? undefined : String(!!item.checked)} onClick=${() => { close(true); item.run(); }}>
          <span class="menu-icon">${item.checked ? I("check") : item.icon ? I(item.icon) : null}</span><span><b>${item.label}</b>${item.hint ? html`<small>${item.hint}</small>` : null}</span>${item.kbd ? html`<kbd>${item.kbd}</kbd>` : null}</button></li>`
      : html`<li role="separator" key=${i}></li>`))}</ul>` : null}
  </span>`;
}

/** What was refused, said where the deed was done. */
export function Refusal({ place, className }) {
  const refused = refusals.value[place];
  if (!refused) return null;
  return html`<div class=${`err desk-err ${className || ""}`} role="alert"><b>${refused.message}</b>
    <${Btn} label=${t("Close")} icon="x" only kind="bare" server=${false} onClick=${() => clearRefusal(place)} /></div>`;
}

/** A labelled field in a dialog. */
export function Labelled({ label, hint, children, className }) {
  return html`<label class=${`labelled ${className || ""}`}><span class="label">${label}</span>${children}${hint ? html`<span class="meta">${hint}</span>` : null}</label>`;
}

export function Switch({ label, hint, checked, onChange, disabled }) {
  return html`<label class="switch"><input type="checkbox" class="check" checked=${checked} disabled=${disabled || !online()} onChange=${(event) => onChange(event.target.checked)} /><span><b>${label}</b>${hint ? html`<small>${hint}</small>` : null}</span></label>`;
}

/** Whether a key press belongs to a field, in which case the desk leaves it alone. */
export function typing(target) {
  if (!target || !target.closest) return false;
  if (target.isContentEditable) return true;
  const field = target.closest("input, textarea, select");
  return !!field && !(field.tagName === "INPUT" && ["checkbox", "radio", "button", "range"].includes(field.type));
}
