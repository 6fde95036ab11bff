// The third column: what is done with, each with its way back; under it the message to the speakers.
import { html, useEffect, useMemo, useRef, useState } from "../vendor.js";
import { n, t } from "../i18n.js";
import { lengthText, timeOfDayWithSeconds } from "../format.js";
import { Btn, I, Menu, Refusal, useMedia } from "./bits.js";
import { arrange, buckets, firstName, NO_FILTER, slotList, speakerNames } from "./derive.js";
import { rem } from "./measure.js";
import { busy, restore, shown, toggle } from "./moves.js";
import { Panel } from "./panel.js";
import { bring, Rows, useBusy, useSize, useStill } from "./rows.js";
import { act, clearRefusal, column, current, link, panel, refusals, select } from "./store.js";
import { listWords, stateWord } from "./words.js";

const KINDS = [["all", () => t("All")], ["answered", () => t("Answered")], ["dismissed", () => t("Dismissed")], ["merged", () => t("Merged")], ["withdrawn", () => t("Withdrawn")], ["written", () => t("To be answered in writing")]];

export function DoneColumn() {
  const view = link.view.value;
  const [kind, setKind] = useState("all");
  const [whom, setWhom] = useState("");
  const [text, setText] = useState("");
  const [finding, setFinding] = useState(false);
  const root = useRef(null);
  const scroller = useRef(null);
  const size = useSize(scroller);
  const held = useBusy(scroller);
  const touch = useMedia("(max-width: 1100px)");
  const all = buckets(view);
  const open = useMemo(() => (kind === "written" ? unanswered(view, all.public) : null), [kind, all.public, view.queue.order, view.questions]);
  const every = open ? open.filter((id) => forSpeaker(view, id, whom)) : kind === "all" ? all.done : all.done.filter((id) => view.questions[id].state === kind);
  const ids = text.trim() ? arrange(every, view, { filter: NO_FILTER, search: text, order: "as is" }) : every;
  const still = useStill(ids, held, `${kind} ${text} ${whom}`);
  shown.done = still.shown;
  useEffect(() => {
    const onBring = (event) => { if (event.detail.list === "done") bring(scroller.current, event.detail.id); };
    document.addEventListener("desk:bring", onBring);
    return () => document.removeEventListener("desk:bring", onBring);
  }, []);
  const height = Math.round(40 * rem() + (touch ? 24 : 20));
  return html`<section class="col col--done" aria-label=${t("Done")} data-column="done" tabindex="-1" ref=${root}>
    <header><h2>${t("Done")}</h2><span class="n num">${ids.length}</span><span class="sp"></span>
      ${finding ? html`<input class="field" type="search" value=${text} aria-label=${t("Search what is done")} onInput=${(event) => setText(event.target.value)} onKeyDown=${(event) => { if (event.key === "Escape") { event.stopPropagation(); setText(""); setFinding(false); } }} />` : null}
      <${Btn} label=${t("Search what is done")} icon="search" only kind="bare" server=${false} pressed=${finding} onClick=${() => { setFinding(!finding); setText(""); }} />
      <${Menu} label=${KINDS.find(([key]) => key === kind)[1]()} kind="bare" items=${KINDS.map(([key, word]) => ({ label: word(), checked: key === kind, run: () => setKind(key) }))} /></header>
    <div class="rail">${open ? html`<div class="bulkline"><label class="pick pick--row"><span class="label">${t("Speaker")}</span><select class="field" value=${whom} onChange=${(event) => setWhom(event.target.value)}>
      ${[["", t("all")], ...Object.entries(view.speakers).map(([id, who]) => [id, who.name]), [NOBODY, t("To all speakers")]].map(([id, word]) => html`<option key=${id} value=${id} selected=${id === whom}>${`${word} (${open.filter((one) => forSpeaker(view, one, id)).length})`}</option>`)}</select></label></div>` : null}</div>
    <div class="list" ref=${scroller} onPointerDown=${() => { column.value = "done"; }}>
      ${still.shown.length ? html`<${Rows} ids=${still.shown} heightOf=${() => height} version=${`${height} ${size.width}`} scroller=${scroller} size=${size} hold=${panel.value ? panel.value.id : current.value.done} label=${t("What is done")}
        row=${(id, place) => html`<${DoneRow} key=${id} id=${id} view=${view} place=${place} />`} />` : html`<p class="pad meta">${text ? t("Nothing found.") : t("What is answered, dismissed or merged comes here, and can be brought back.")}</p>`}
    </div></section>`;
}

const NOBODY = "-";

/** Public and queued questions for a written answer: those with a draft first, then those with most votes. */
function unanswered(view, ids) {
  const questions = view.questions;
  return [...ids, ...view.queue.order].sort((a, b) => !!questions[b].draft - !!questions[a].draft || questions[b].votes - questions[a].votes || questions[a].n - questions[b].n);
}

function forSpeaker(view, id, whom) {
  const to = view.questions[id].to || [];
  return !whom || (whom === NOBODY ? !to.length : to.includes(whom));
}

const ICONS = { answered: "circle-check", dismissed: "x", merged: "merge", withdrawn: "undo-2", public: "pen-line", queued: "pen-line" };

function what(view, q) {
  if (q.state === "answered") {
    if (q.air_s && q.answer) return t("Answered on air, {time}, and in writing", { time: lengthText(q.air_s) });
    if (q.air_s || q.aired_at) return t("Answered on air, {time}", { time: lengthText(q.air_s || 0) });
    return q.answer ? t("Answered in writing") : t("Answered");
  }
  if (q.state === "dismissed") return q.reason ? t("Dismissed: “{reason}”", { reason: q.reason }) : t("Dismissed, no reason given");
  if (q.state === "merged") {
    const into = q.merged_into && view.questions[q.merged_into];
    return into ? t("Merged into no. {n}, {votes}", { n: into.n, votes: n("{n} vote", "{n} votes", into.votes) }) : t("Merged");
  }
  if (q.state === "withdrawn") return t("Taken back by who asked");
  return q.draft ? t("A draft is there") : stateWord(q.state);
}

function DoneRow({ id, view, place }) {
  const q = view.questions[id];
  if (!q) return null;
  const selected = current.value.done === id;
  const refused = refusals.value[id];
  const written = q.state === "public" || q.state === "queued";
  const open = panel.value && panel.value.id === id && (!written || panel.value.place === "done") ? panel.value : null;
  const gone = q.state === "review" || q.state === "live";
  const deed = gone ? null : written ? html`<${Btn} label=${q.draft ? t("Read the draft") : t("Answer")} kind="bare" onClick=${() => toggle("answer", id)} />`
    : q.state === "merged" || q.merged_into ? html`<${Btn} label=${t("Unmerge")} kind="bare" act="restore" disabled=${!!busy.value[id]} onClick=${() => restore(id)} />`
    : q.state === "withdrawn" ? null
    : html`<${Btn} label=${t("Restore")} kind="bare" act="restore" disabled=${!!busy.value[id]} onClick=${() => restore(id)} />`;
  const icon = q.state === "answered" && q.answer && !q.air_s && !q.aired_at ? "pen-line" : ICONS[q.state] || "undo-2";
  return html`<li class=${["dn", selected && column.value === "done" && "is-sel", gone && "is-gone", open && "has-panel"].filter(Boolean).join(" ")} data-id=${id} data-list="done" tabindex=${selected ? 0 : -1} aria-setsize=${place.total} aria-posinset=${place.index + 1} style=${{ top: `${place.top}px`, height: `${place.height}px` }}
      onPointerDown=${() => select("done", id)} onFocusIn=${() => select("done", id)}>${I(icon, false)}
    <div><p class="clip" lang=${q.lang || undefined} dir="auto" title=${q.text}>${q.text}</p><div class="meta clip" role=${refused ? "alert" : undefined}>${refused ? html`<b title=${refused.message}>${refused.message}</b>` : html`<span class="num">${t("No. {n}", { n: q.n })}</span><span title=${q.answer || q.reason || undefined}>${gone ? t("Back in {column}", { column: q.state === "review" ? t("Review") : t("Queue") }) : what(view, q)}</span>`}</div></div>
    <span class="deeds">${refused ? html`<${Btn} label=${t("Leave it")} kind="bare" server=${false} onClick=${() => clearRefusal(id)} />` : deed}${q.state === "answered" && !refused ? html`<${Btn} label=${q.answer ? t("Change the written answer") : t("Answer in writing")} icon="pen-line" only kind="bare" onClick=${() => toggle("answer", id)} />` : null}</span>
    ${open ? html`<${Panel} ...${open} />` : null}</li>`;
}

// --- the message ------------------------------------------------------------------------------------------------------

const LEVELS = [["info", "info", () => t("Calm")], ["warn", "triangle-alert", () => t("Soon")], ["urgent", "octagon-alert", () => t("Urgent, floods the screen")]];

function presets(view) {
  const running = view.timer.slot && view.slots[view.timer.slot];
  return running && running.kind === "debate"
    ? [t("Short answers, please"), t("Closer to the mic"), t("Please come to the end")]
    : [t("Please come to the end"), t("2 minutes"), t("Closer to the mic"), t("Slower")];
}

export function MessageBox() {
  const view = link.view.value;
  const [text, setText] = useState("");
  const [level, setLevel] = useState("info");
  const [to, setTo] = useState(null);
  const running = view.timer.slot && view.slots[view.timer.slot];
  const auto = running && running.kind !== "debate" && running.speakers.length ? view.timer.slot : "speakers";
  const target = to && (to === "speakers" || to === "all" || view.slots[to]) ? to : auto;
  const slots = slotList(view).filter(([, slot]) => slot.speakers.length);
  const nameOf = (id) => {
    if (id === "speakers") return t("All speakers");
    if (id === "all") return t("Everybody, phones too");
    const slot = view.slots[id];
    return slot ? speakerNames(view, slot.speakers).join(", ") || slot.title : id;
  };
  const send = async (words) => {
    const said = words.trim();
    if (!said) { document.getElementById("desk-message").focus(); return; }
    const ack = await act("message:send", { to: target, text: said, level }, { place: "message" });
    if (ack.ok) { if (words === text) setText(""); setLevel("info"); }
  };
  return html`<section class="msg" aria-label=${t("Message to speakers")}><div class="to"><h2>${t("Message")}</h2>
      <${Menu} label=${nameOf(target)} describe=${t("To: {name}", { name: nameOf(target) })} up items=${[["speakers"], ["all"], ...slots].map(([id, slot]) => ({ label: nameOf(id), hint: slot ? slot.title : null, checked: target === id, run: () => setTo(id) }))} /></div>
    <div class="presets">${presets(view).map((words) => html`<${Btn} key=${words} label=${words} onClick=${() => send(words)} />`)}</div>
    <form class="write" onSubmit=${(event) => { event.preventDefault(); send(text); }}><input class="field" id="desk-message" value=${text} maxlength="400" placeholder=${t("Write a message")} aria-label=${t("Message")} onInput=${(event) => setText(event.target.value)} />
      <span class="seg" role="group" aria-label=${t("How urgent")}>${LEVELS.map(([key, icon, word]) => html`<button type="button" key=${key} class="btn btn--icon" aria-label=${word()} title=${word()} aria-pressed=${String(level === key)} onClick=${() => setLevel(key)}>${I(icon, false)}</button>`)}</span>
      <${Btn} label=${t("Send")} kind="main" small=${false} type="submit" /></form>
    <${Refusal} place="message" />
    <${Sent} view=${view} nameOf=${nameOf} /></section>`;
}

/** Who has seen the message, by name; who has not stands there too. */
export function seenWords(view, message) {
  const zone = view.webinar.timezone;
  const seen = Object.entries(message.seen || {});
  const wanted = message.to === "speakers" || message.to === "all" ? slotList(view).filter(([, slot]) => slot.speakers.length && slot.kind !== "break").map(([id]) => id) : [message.to];
  const people = (ids) => [...new Set(ids.flatMap((id) => (view.slots[id] ? view.slots[id].speakers : [])))];
  const all = people(wanted);
  const have = people(seen.map(([slot]) => slot)).filter((id) => all.includes(id));
  if (!seen.length) return t("not seen yet");
  const time = timeOfDayWithSeconds(Math.max(...seen.map(([, when]) => when)), zone);
  if (all.length > 2) return t("seen by {n} of {m}, {time}", { n: have.length, m: all.length, time });
  return t("seen by {name}, {time}", { name: listWords(have.map((id) => firstName(view.speakers[id].name))), time });
}

function Sent({ view, nameOf }) {
  const { message } = view;
  if (!message) return html`<div class="sent sent--none meta">${t("Nothing is shown to the speakers.")}</div>`;
  const words = seenWords(view, message);
  const seen = Object.keys(message.seen || {}).length > 0;
  return html`<div class="sent">${I(seen ? "check-check" : message.level === "urgent" ? "octagon-alert" : "send-horizontal")} <span class="sent-text"><b class="clip" title=${message.text}>${message.text}</b><span class="clip num" role="status">${words}${message.to === "all" || (message.to !== "speakers" && !seen) ? ` · ${nameOf(message.to)}` : ""}</span></span><${Btn} label=${t("Clear")} kind="bare" onClick=${() => act("message:clear", {}, { place: "message" })} /></div>`;
}
