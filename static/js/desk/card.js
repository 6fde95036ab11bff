// A question in the first column: in review, or public. Its height depends on its text and its width, never on its state.
import { html } from "../vendor.js";
import { t, n } from "../i18n.js";
import { clockText } from "../format.js";
import { Btn, I, Menu, online } from "./bits.js";
import { shortTitle, speakerNames } from "./derive.js";
import { linesOf } from "./measure.js";
import { approve, air, busy, likeliest, mergeInto, queue, question, star, toggle } from "./moves.js";
import { Panel } from "./panel.js";
import { act, clearRefusal, current, link, panel, refusals, select, tick, ticked } from "./store.js";
import { kindWord, languageName, meKey, sourceWord, stateWord } from "./words.js";

/** Heights in px by width of the page; they mirror desk.css. */
export const SIZES = {
  desk: { side: 24 + 20 + 12 + 16, pad: 23, line: 22, meta: 22, acts: 38, hint: 38 },
  small: { side: 16 + 20 + 12 + 10, pad: 23, line: 22, meta: 22, acts: 38, hint: 38 },
  tablet: { side: 16 + 20 + 12 + 12, pad: 23, line: 22, meta: 22, acts: 50, hint: 50 },
  phone: { side: 16 + 16, pad: 25, line: 24, meta: 22, acts: 56, hint: 50 },
};

export function cardLines(q, width, size, scale) {
  const px = (size === "phone" ? 17 : 15) * scale;
  return linesOf(q.text, `330 ${px}px Geologica, "Geologica Fallback", sans-serif`, width - SIZES[size].side - 1, 8);
}

export function cardHeight(q, width, size, scale) {
  const s = SIZES[size];
  return Math.round(s.pad + (cardLines(q, width, size, scale) * s.line + s.meta) * scale + s.acts + (hasHint(q.id, q) ? s.hint : 0));
}

function hasHint(id, q) {
  return !!(q.similar && q.similar.length && likeliest(id));
}

/** What stands under the text: number, who, when, to whom, and every mark the question carries. */
export function metaOf(view, q, { votes = false, short = false } = {}) {
  const out = [html`<span class="num">${t("No. {n}", { n: q.n })}</span>`];
  if (q.flags) out.push(html`<span class="flagged">${I("flag")} ${n("{n} flag", "{n} flags", q.flags, { n: q.flags })}</span>`);
  if (q.aloud) out.push(html`<span class="aloud">${I("mic")} ${t("aloud")}</span>`);
  if (votes || q.votes) out.push(html`<span class="num">${n("{n} vote", "{n} votes", q.votes, { n: q.votes })}</span>`);
  if (q.name) out.push(html`<span>${q.name}</span>`);
  if (q.source) out.push(html`<span>${sourceWord(q.source)}</span>`);
  const slot = view.slots[q.slot];
  if (slot && !short) out.push(html`<span>${shortTitle(slot.title, slot.kind, kindWord(slot.kind), 2)}${q.slot_offset_s === undefined ? "" : `, ${clockText(q.slot_offset_s)}`}</span>`);
  if (q.to && q.to.length) out.push(html`<span>${t("to {names}", { names: speakerNames(view, q.to, true).join(", ") })}</span>`);
  if (q.lang && q.lang !== (document.documentElement.lang || "en").slice(0, 2)) out.push(html`<span>${languageName(q.lang)}</span>`);
  if (q.starred) out.push(html`<span>${I("star")} ${t("starred")}</span>`);
  if (q.edited) out.push(html`<span title=${q.original ? t("First wording: {text}", { text: q.original }) : undefined}>${t("edited")}</span>`);
  if (q.merged) out.push(html`<span>${n("{n} merged", "{n} merged", q.merged, { n: q.merged })}</span>`);
  if (q.offers && q.offers.length) out.push(html`<span>${t("{names} can answer", { names: offerNames(view, q.offers) })}</span>`);
  for (const label of q.labels || []) out.push(html`<span class="tagged">${label}</span>`);
  return out;
}

function offerNames(view, slots) {
  return slots.flatMap((slot) => speakerNames(view, (view.slots[slot] || {}).speakers, true)).join(", ");
}

/** Who else is editing a question at the moment, or null. */
export function editorOf(view, id) {
  const all = (view.presence && view.presence.moderators) || {};
  for (const key in all) if (key !== meKey() && all[key].editing === id) return all[key].name || t("Another moderator");
  return null;
}

export function rowMenu(view, id, q) {
  const items = [
    { label: t("Edit"), kbd: "E", icon: "pencil", run: () => toggle("edit", id), disabled: !online() },
    { label: t("Labels"), kbd: "L", icon: "tag", run: () => toggle("label", id), disabled: !online() },
    { label: t("Merge with another question"), kbd: "M", icon: "merge", run: () => toggle("merge", id), disabled: !online() || q.state === "live" },
    { label: t("For whom"), icon: "users", run: () => toggle("address", id), disabled: !online() },
  ];
  if (q.state !== "live") items.push({ label: t("Put on air"), icon: "radio", run: () => air(id), disabled: !online() });
  items.push({ label: t("Answer in writing"), kbd: "W", icon: "pen-line", run: () => toggle("answer", id), disabled: !online() });
  if (q.aloud) {
    const called = view.call === id;
    items.push({ label: called ? t("Take the call back") : t("Call up to speak"), icon: "mic", hint: q.state === "review" ? t("Once it is public") : null, disabled: !online() || q.state === "review", run: () => act(called ? "question:uncall" : "question:call", called ? {} : { question: id }, { place: id }) });
  }
  if (q.state === "queued" || q.state === "live") items.push({ label: t("Time for this question"), icon: "timer", run: () => toggle("budget", id), disabled: !online() });
  if (q.state === "queued") items.push({ label: t("Out of the queue"), icon: "list-x", disabled: !online(), run: () => act("question:unqueue", { question: id }, { place: id }) });
  return items;
}

/** A line in place of the buttons: what was refused, and what can be done about it. */
function CardRefusal({ id, q, refused }) {
  const changed = refused.error && refused.error.code === "conflict" && refused.error.current;
  const again = refused.type && question(id) && ["question:approve", "question:queue", "question:air", "question:dismiss"].includes(refused.type);
  return html`<div class="card-refused">${again ? html`<${Btn} label=${changed ? t("Do it with this text") : t("Try again")} onClick=${() => act(refused.type, refused.payload, { place: id })} />` : null}
    <${Btn} label=${t("Leave it")} kind="bare" server=${false} onClick=${() => clearRefusal(id)} /></div>`;
}

export function Card({ id, list, place, size, width, scale, ghost }) {
  const view = link.view.peek(); // the column gives a new card when what it shows has changed
  const q = view.questions[id];
  if (!q) return null;
  const selected = current.value[list] === id;
  const moving = busy.value[id];
  const refused = refusals.value[id];
  const editor = editorOf(view, id);
  const open = panel.value && panel.value.id === id && panel.value.place !== "queue" && panel.value.place !== "done" ? panel.value : null;
  const like = hasHint(id, q) ? likeliest(id) : null;
  const phone = size === "phone";
  const isTicked = ticked.value.has(id);
  const lines = cardLines(q, width, size, scale);
  const classes = ["q", selected && "is-sel", isTicked && "is-ticked", editor && "is-edited", moving && "is-moving", ghost && "is-gone", open && "has-panel", q.flags && "is-flagged"].filter(Boolean).join(" ");
  const key = (name) => (selected && !phone ? name : null);
  return html`<li class=${classes} key=${id} data-id=${id} data-list=${list} tabindex=${selected ? 0 : -1} aria-current=${selected ? "true" : undefined}
    aria-setsize=${place.total} aria-posinset=${place.index + 1} style=${{ top: `${place.top}px`, height: `${place.height}px` }}
    onClickCapture=${(event) => guard(event, id)} onPointerDown=${() => select(list, id)} onFocusIn=${() => select(list, id)}>
    <input type="checkbox" class="check" aria-label=${t("Select question {n}", { n: q.n })} checked=${isTicked} onChange=${(event) => tick(id, event.target.checked)} disabled=${!!ghost} />
    <div class="body">
      <p lang=${q.lang || undefined} dir="auto" class="asked" style=${{ "--lines": lines }} title=${lines >= 8 ? q.text : undefined}>${q.text}</p>
      <div class="meta clip">${refused ? html`<b class="refused" role="alert" title=${refused.message}>${I("triangle-alert")} ${refused.message}</b>` : null}${editor ? html`<span class="editor">${I("pencil")} ${t("{name} is editing", { name: editor })}</span>` : null}${refused ? null : metaOf(view, q, { votes: list === "public" })}</div>
      ${like ? html`<div class="hint">${I("merge")} <span class="clip" title=${view.questions[like].text}>${likeWord(view, like)}</span><${Btn} label=${t("Merge")} kbd=${key("M")} act="merge" disabled=${!!ghost} onClick=${() => mergeInto(id, like)} /></div>` : null}
      ${ghost ? html`<div class="acts"><span class="state">${ghost}</span></div>`
        : refused ? html`<${CardRefusal} id=${id} q=${q} refused=${refused} />`
        : phone ? html`<div class="acts acts--wide">
            ${list === "review" ? html`<${Btn} label=${t("Approve")} icon="check" small=${false} act="approve" disabled=${!!moving} onClick=${() => approve([id])} />` : html`<${Btn} label=${t("Queue")} icon="list-plus" small=${false} act="queue" disabled=${!!moving} onClick=${() => queue([id])} />`}
            <${Btn} label=${t("Dismiss")} icon="x" small=${false} act="dismiss" disabled=${!!moving} onClick=${() => toggle("dismiss", id)} />
            <${Menu} label=${t("More for question {n}", { n: q.n })} icon="ellipsis" only small=${false} items=${[list === "review" ? { label: t("Queue"), icon: "list-plus", run: () => queue([id]), disabled: !online() } : null, { label: q.starred ? t("Take the star away") : t("Star"), icon: "star", run: () => star(id), disabled: !online() }, ...rowMenu(view, id, q)].filter((item, i) => item || i)} /></div>`
        : html`<div class="acts">
            ${list === "review" ? html`<${Btn} label=${t("Approve")} icon=${key("A") ? null : "check"} kbd=${key("A")} kind=${selected ? "main" : ""} act="approve" disabled=${!!moving} onClick=${() => approve([id])} />` : null}
            <${Btn} label=${t("Queue")} icon=${key("Q") ? null : "list-plus"} kbd=${key("Q")} kind=${selected && list === "public" ? "main" : ""} act="queue" disabled=${!!moving} onClick=${() => queue([id])} />
            <${Btn} label=${t("Edit")} icon="pencil" kbd="E" only kind="bare" act="edit" disabled=${!!moving} onClick=${() => toggle("edit", id)} />
            <${Btn} label=${q.starred ? t("Take the star away") : t("Star")} icon="star" kbd="S" only kind="bare" act="star" pressed=${!!q.starred} className="star" disabled=${!!moving} onClick=${() => star(id)} />
            <${Menu} label=${t("More for question {n}", { n: q.n })} icon="ellipsis" only kind="bare" items=${rowMenu(view, id, q)} />
            <span class="sp"></span>
            <${Btn} label=${t("Dismiss")} icon=${key("D") ? null : "x"} kbd=${key("D")} kind="bare" act="dismiss" disabled=${!!moving} onClick=${() => toggle("dismiss", id)} /></div>`}
    </div>
    ${open ? html`<${Panel} ...${open} />` : null}
  </li>`;
}

let clicked = null;

/** The second click of a double click belongs to the row of the first, not to the one that has moved up under the pointer. */
function guard(event, id) {
  if (event.detail > 1 && clicked !== id) {
    event.preventDefault();
    event.stopPropagation();
  } else if (event.detail === 1) clicked = id;
}

function likeWord(view, id) {
  const other = view.questions[id];
  const params = { n: other.n, where: stateWord(other.state) };
  if (!other.votes) return t("Like no. {n}, {where}", params);
  return n("Like no. {n}, {where}, {votes} vote", "Like no. {n}, {where}, {votes} votes", other.votes, { ...params, votes: other.votes });
}

