// The agenda editor: each field saves itself when it is left. A field that somebody else changed meanwhile is not
// overwritten: the row says what stands now, and asks.
import { html, useEffect, useRef, useState } from "../vendor.js";
import { n, t } from "../i18n.js";
import { lengthText, timeOfDay } from "../format.js";
import { Sortable } from "../../vendor/sortablejs/sortable.js";
import { Btn, I, Menu, Refusal, online, useSecond } from "./bits.js";
import { slotList } from "./derive.js";
import { Paste } from "./paste.js";
import { act, clearRefusal, inTurn, link, refuse, say } from "./store.js";
import { Sheet } from "./sheet.js";
import { at, standing } from "./strip.js";
import { kindWord } from "./words.js";

const KINDS = ["welcome", "intro", "talk", "debate", "break", "wrapup"];

/** "12", "12:30", "12 min", "90 s", "1:02:03" as seconds; null when it says nothing. A bare number is minutes. */
export function secondsOf(text) {
  const words = text.trim().toLowerCase();
  let match = /^(\d+)(?:[:](\d{1,2}))(?:[:](\d{1,2}))?$/.exec(words);
  if (match) return match[3] === undefined ? Number(match[1]) * 60 + Number(match[2]) : Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]);
  match = /^(\d+(?:[.,]\d+)?)\s*(h|hours?|m|min\.?|minutes?|['′])?$/.exec(words);
  if (match) return Math.round(Number(match[1].replace(",", ".")) * (/^h/.test(match[2] || "") ? 3600 : 60));
  match = /^(\d+)\s*(s|sec\.?|seconds?|["″])$/.exec(words);
  return match ? Number(match[1]) : null;
}

/** Speakers as one line: "Name, affiliation; Name". */
export function speakersLine(view, ids) {
  return ids.map((id) => view.speakers[id]).filter(Boolean).map((who) => (who.affiliation ? `${who.name}, ${who.affiliation}` : who.name)).join("; ");
}

export function speakersOf(line) {
  return line.split(";").map((part) => part.trim()).filter(Boolean).map((part) => {
    const [name, ...rest] = part.split(",");
    return rest.length ? { name: name.trim(), affiliation: rest.join(",").trim() } : { name: name.trim() };
  });
}

const FIELDS = {
  title: { show: (view, slot) => slot.title, read: (text) => text.trim() || undefined },
  duration_s: { show: (view, slot) => lengthText(slot.duration_s), read: (text) => secondsOf(text) || undefined },
  speakers: { show: (view, slot) => speakersLine(view, slot.speakers), read: speakersOf },
};

function useField(view, id, slot, name) {
  const spec = FIELDS[name];
  const shown = spec.show(view, slot);
  const [draft, setDraft] = useState(null); // {text, was, base}: from the first keystroke until it is saved
  const place = `slot:${id}:${name}`;
  const [conflict, setConflict] = useState(null);
  const save = async (base) => {
    if (!draft) return;
    if (draft.text === draft.was && !conflict) { setDraft(null); return; }
    const value = spec.read(draft.text);
    if (value === undefined) {
      refuse(`slot:${id}`, { code: "invalid", message: name === "title" ? t("Give the slot a title.") : t("Write a length like 12 or 12:30.") });
      return;
    }
    const ack = await act("agenda:edit", { slot: id, [name]: value, base: base === undefined ? draft.base : base }, { place, quiet: true });
    if (ack.ok) { setDraft(null); setConflict(null); clearRefusal(`slot:${id}`); say(t("Saved")); return; }
    if (ack.error && ack.error.code === "conflict" && base === undefined) {
      const current = ack.error.current && ack.error.current.slots && ack.error.current.slots[id];
      if (!current) { refuse(`slot:${id}`, ack.error); return; }
      const now = spec.show(link.view.value, { ...slot, ...(link.view.value.slots[id] || {}), ...current });
      // Somebody changed another field of this slot: ours does not overwrite anything.
      if (now === draft.was) { save(link.seq()); return; }
      setConflict(now);
      return;
    }
    refuse(`slot:${id}`, ack.error);
  };
  return {
    value: draft ? draft.text : shown,
    conflict,
    dirty: !!draft,
    input: (text) => setDraft({ text, was: draft ? draft.was : shown, base: draft ? draft.base : link.seq() }),
    save: () => save(),
    takeTheirs: () => { setDraft(null); setConflict(null); },
    keepMine: () => save(link.seq()),
    drop: () => { setDraft(null); setConflict(null); },
  };
}

function Cell({ field, label, className, wide }) {
  return html`<input class=${`field ${className || ""} ${field.dirty ? "is-dirty" : ""}`} value=${field.value} aria-label=${label} disabled=${!online() && !field.dirty} size=${wide} onInput=${(event) => field.input(event.target.value)} onBlur=${field.save}
    onKeyDown=${(event) => { if (event.key === "Enter") { event.preventDefault(); field.save(); } if (event.key === "Escape" && field.dirty) { event.preventDefault(); event.stopPropagation(); field.drop(); } }} />`;
}

function ConflictLine({ field, what }) {
  if (field.conflict === null) return null;
  return html`<div class="err err--conflict" role="alert"><b>${t("{what} was changed meanwhile", { what })}</b><span>“${field.conflict}”</span><div class="row"><${Btn} label=${t("Take theirs")} server=${false} onClick=${field.takeTheirs} /><${Btn} label=${t("Keep mine")} onClick=${field.keepMine} /></div></div>`;
}

function SlotRow({ id, slot, index, total, view, s }) {
  const title = useField(view, id, slot, "title");
  const length = useField(view, id, slot, "duration_s");
  const speakers = useField(view, id, slot, "speakers");
  const [more, setMore] = useState(false);
  const p = s.projected.slots[id] || {};
  const over = view.timer.phase === "ended";
  const running = p.state === "now";
  // What stands before the running slot stays, whether it ran or was passed over.
  const past = p.state === "done" || over || (s.id !== null && slot.order < view.slots[s.id].order);
  const stuck = past || running || index === 0 || (s.id !== null && slot.order === view.slots[s.id].order + 1); // not upwards
  const place = `slot:${id}`;
  const edit = (fields) => act("agenda:edit", { slot: id, ...fields }, { place });
  const nudge = (by) => inTurn(() => {
    const ids = slotList(link.view.value).map(([key]) => key);
    const from = ids.indexOf(id);
    const to = from + by;
    if (from < 0 || to < 0 || to >= ids.length) return null;
    say(t("Number {n} of {m}", { n: to + 1, m: ids.length }));
    return act("agenda:move", { slot: id, before: by < 0 ? ids[to] : ids[to + 1] || null }, { place });
  });
  const keys = (event) => {
    if ((event.key === "ArrowUp" || event.key === "ArrowDown") && (event.altKey || event.target.classList.contains("grip"))) { event.preventDefault(); event.stopPropagation(); nudge(event.key === "ArrowUp" ? -1 : 1); }
  };
  const planned = at(view, slot.planned_start_at);
  const expected = p.expected_start_at ? at(view, p.expected_start_at) : planned;
  const word = { done: t("done"), now: t("on now"), next: t("next"), skipped: slot.skip ? t("skipped") : t("passed over") }[p.state];
  const startHere = () => act("timer:start", { slot: id }, { place });
  return html`<li class=${["slot", past && "is-past", running && "is-now", slot.skip && "is-skip"].filter(Boolean).join(" ")} data-id=${id} onKeyDown=${keys}>
    <button type="button" class="grip" disabled=${past || running || !online()} aria-label=${t("Drag {title}, or move it with the arrow keys", { title: slot.title })}>${I("grip-vertical", false)}</button>
    <div class="when num"><b>${planned}</b>${expected !== planned && !past && !running ? html`<span>${t("now {time}", { time: expected })}</span>` : html`<span>${word || ""}</span>`}</div>
    <div class="what"><${Cell} field=${title} label=${t("Title")} className="slot-title" /><${Cell} field=${speakers} label=${t("Speakers, separated by semicolons")} className="slot-who" /></div>
    <div class="how"><${Cell} field=${length} label=${t("Length, in minutes or m:ss")} className="num slot-length" />
      <select class="field" aria-label=${t("Kind")} value=${slot.kind} disabled=${past || !online()} onChange=${(event) => edit({ kind: event.target.value })}>${KINDS.map((kind) => html`<option key=${kind} value=${kind} selected=${kind === slot.kind}>${kindWord(kind)}</option>`)}</select></div>
    <div class="flags"><${Btn} label=${t("Gives time")} pressed=${slot.flex} disabled=${past} onClick=${() => edit({ flex: !slot.flex })} /><${Btn} label=${t("Fixed start")} pressed=${!!slot.fixed} disabled=${past} onClick=${() => edit({ fixed: !slot.fixed })} /><${Btn} label=${t("Skip")} pressed=${slot.skip} disabled=${past || running} onClick=${() => edit({ skip: !slot.skip })} /></div>
    <div class="slot-deeds">${running ? html`<span class="state">${I("clock")} ${t("on now")}</span>` : html`<${Btn} label=${t("Start here")} icon="play" onClick=${startHere} />`}
      <${Btn} label=${t("Up")} icon="arrow-up" only kind="bare" disabled=${stuck} onClick=${() => nudge(-1)} /><${Btn} label=${t("Down")} icon="arrow-down" only kind="bare" disabled=${past || running || index === total - 1} onClick=${() => nudge(1)} />
      <${Btn} label=${t("Links, warnings, more")} icon="ellipsis" only kind="bare" server=${false} expanded=${more} onClick=${() => setMore(!more)} /></div>
    <${ConflictLine} field=${title} what=${t("The title")} /><${ConflictLine} field=${length} what=${t("The length")} /><${ConflictLine} field=${speakers} what=${t("Who speaks")} />
    <${Refusal} place=${place} />
    ${more ? html`<${SlotMore} id=${id} slot=${slot} edit=${edit} view=${view} past=${past} running=${running} />` : null}</li>`;
}

function SlotMore({ id, slot, edit, past, running }) {
  const links = slot.links || [];
  const [title, setTitle] = useState("");
  const [url, setUrl] = useState("");
  const seconds = (name, label, fallback) => html`<label class="pick"><span class="label">${label}</span><input class="field num" value=${slot[name] === undefined ? "" : lengthText(slot[name])} placeholder=${fallback || ""} onChange=${(event) => { const value = secondsOf(event.target.value); if (value !== null) edit({ [name]: value }); else if (name === "min_s") edit({ min_s: null }); }} /></label>`;
  return html`<div class="slot-more"><div class="row">${seconds("warn_s", t("Warning at"))}${seconds("danger_s", t("Last warning at"))}${slot.flex ? seconds("min_s", t("Gives no more below"), t("a third")) : null}</div>
    <ul class="links">${links.map((one, i) => html`<li key=${i}><a href=${one.url} target="_blank" rel="noopener noreferrer">${one.title}</a> <span class="meta clip">${one.url}</span><${Btn} label=${t("Remove the link {title}", { title: one.title })} icon="x" only kind="bare" onClick=${() => edit({ links: links.filter((_, j) => j !== i) })} /></li>`)}</ul>
    <form class="row" onSubmit=${async (event) => { event.preventDefault(); if (!url.trim()) return; const ack = await edit({ links: [...links.map(({ title: name, url: to }) => ({ title: name, url: to })), { title: title.trim(), url: url.trim() }] }); if (ack.ok) { setTitle(""); setUrl(""); } }}>
      <input class="field" value=${title} aria-label=${t("Title of the link")} placeholder=${t("Slides")} onInput=${(event) => setTitle(event.target.value)} /><input class="field" type="url" value=${url} aria-label=${t("Address of the link")} placeholder="https://" onInput=${(event) => setUrl(event.target.value)} /><${Btn} label=${t("Add the link")} type="submit" disabled=${!url.trim()} /></form>
    <div class="row"><${Btn} label=${t("Remove this slot")} icon="trash-2" disabled=${past || running} why=${t("What has happened stays as it was.")} onClick=${() => act("agenda:remove", { slot: id }, { place: `slot:${id}` })} /></div></div>`;
}

function AddSlot({ view, s }) {
  const [title, setTitle] = useState("");
  const [length, setLength] = useState("10");
  const [kind, setKind] = useState("talk");
  const [after, setAfter] = useState(null);
  const list = s.list;
  const target = after === null ? (list.length ? list[list.length - 1][0] : null) : after;
  const add = async (event) => {
    event.preventDefault();
    const seconds = secondsOf(length);
    if (!title.trim() || !seconds) { refuse("agenda", { code: "invalid", message: title.trim() ? t("Write a length like 12 or 12:30.") : t("Give the slot a title.") }); return; }
    const ack = await act("agenda:add", { after: target, title: title.trim(), duration_s: seconds, kind }, { place: "agenda" });
    if (ack.ok) { setTitle(""); say(t("Added")); }
  };
  return html`<form class="slot-add" onSubmit=${add}><span class="label">${t("New slot")}</span>
    <input class="field" value=${title} aria-label=${t("Title of the new slot")} placeholder=${t("Title")} onInput=${(event) => setTitle(event.target.value)} />
    <input class="field num slot-length" value=${length} aria-label=${t("Length of the new slot, in minutes or m:ss")} onInput=${(event) => setLength(event.target.value)} />
    <select class="field" value=${kind} aria-label=${t("Kind of the new slot")} onChange=${(event) => setKind(event.target.value)}>${KINDS.map((one) => html`<option key=${one} value=${one} selected=${one === kind}>${kindWord(one)}</option>`)}</select>
    <select class="field" value=${target || ""} aria-label=${t("After which slot")} onChange=${(event) => setAfter(event.target.value)}>${list.map(([id, slot]) => html`<option key=${id} value=${id} selected=${id === target}>${t("after {title}", { title: slot.title })}</option>`)}</select>
    <${Btn} label=${t("Add")} icon="plus" type="submit" /><${Btn} label=${t("Break, 5 min")} kind="bare" onClick=${() => act("agenda:add", { after: target, title: t("Break"), duration_s: 300, kind: "break" }, { place: "agenda" })} /></form>`;
}

export function AgendaDialog({ onClose, paste }) {
  const view = link.view.value;
  const now = useSecond();
  const s = standing(view, now);
  const list = useRef(null);
  const [pasting, setPasting] = useState(!!paste);
  useEffect(() => {
    if (pasting || !list.current) return undefined;
    const sortable = Sortable.create(list.current, {
      handle: ".grip", draggable: ".slot", filter: ".is-past,.is-now", forceFallback: true, fallbackTolerance: 4, animation: 0, ghostClass: "qr--ghost", dragClass: "qr--drag",
      onEnd: (event) => {
        const id = event.item.dataset.id;
        const placed = [...list.current.children].map((row) => row.dataset.id);
        const before = placed[placed.indexOf(id) + 1] || null;
        const rows = [...list.current.children].filter((row) => row !== event.item);
        list.current.insertBefore(event.item, rows[event.oldIndex] || null);
        if (event.oldIndex !== event.newIndex) act("agenda:move", { slot: id, before }, { place: `slot:${id}` });
      },
    });
    return () => sortable.destroy();
  }, [pasting]);
  const over = s.projected.over_s;
  const slug = encodeURIComponent(view.webinar.slug);
  const ends = over === 0 ? t("ends {time}, as planned", { time: at(view, s.projected.end_expected_at) }) : t("ends {time}, planned {planned}", { time: at(view, s.projected.end_expected_at), planned: at(view, view.webinar.ends_at) });
  return html`<${Sheet} title=${t("Agenda")} wide onClose=${onClose} actions=${html`<${Btn} label=${pasting ? t("Back to the slots") : t("Paste a programme")} icon=${pasting ? "list" : "clipboard-paste"} server=${false} onClick=${() => setPasting(!pasting)} />
      <${Menu} label=${t("Export")} icon="download" items=${["json", "csv", "xlsx", "ics", "md"].map((format) => ({ label: format.toUpperCase(), run: () => { location.href = `/api/v1/webinars/${slug}/export.${format}`; } }))} />`}>
    <p class="meta"><span>${n("{n} slot", "{n} slots", s.list.length)}</span><span>${timeOfDay(s.list.length ? s.list[0][1].planned_start_at : now, view.webinar.timezone)}</span><span>${ends}</span></p>
    <${Refusal} place="agenda" />
    ${pasting ? html`<${Paste} view=${view} onDone=${() => setPasting(false)} />` : html`
      <ol class="slots" ref=${list} aria-label=${t("Slots")}>${slotList(view).map(([id, slot], index) => html`<${SlotRow} key=${id} id=${id} slot=${slot} index=${index} total=${s.list.length} view=${view} s=${s} />`)}</ol>
      <${AddSlot} view=${view} s=${s} />`}
  </${Sheet}>`;
}

