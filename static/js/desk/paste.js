// A new programme pasted over the agenda: it shows what would change before anything does.
import { html, useEffect, useState } from "../vendor.js";
import { n, t } from "../i18n.js";
import { lengthText, timeOfDay } from "../format.js";
import { Btn, Refusal, online } from "./bits.js";
import { slotList } from "./derive.js";
import { act, link } from "./store.js";
import { kindWord } from "./words.js";

let kept = ""; // what was pasted stays while the page is open

// Of numbers that should rise, those that can stay where they are: the longest rising row among them.
function standing(numbers) {
  const rows = [];
  numbers.forEach((number, i) => {
    let best = [];
    for (let j = 0; j < i; j += 1) if (numbers[j] < number && rows[j].length > best.length) best = rows[j];
    rows.push([...best, number]);
  });
  return new Set(rows.reduce((longest, row) => (row.length > longest.length ? row : longest), []));
}

/**
 * What a programme would change, slot by slot: [{how: "new"|"gone"|"changed"|"same", title, words}]. `becomes` is the
 * agenda as the server would have it afterwards, with the ids of the slots that stay.
 */
export function differences(view, becomes) {
  const zone = view.webinar.timezone;
  const names = (ids) => ids.map((id) => (view.speakers[id] ? view.speakers[id].name : id)).join(", ");
  const begun = view.timer.phase !== "before";
  const left = new Set(becomes.map((slot) => slot.id));
  const old = slotList(view).filter(([id]) => left.has(id)).map(([id]) => id);
  const kept = becomes.filter((slot) => view.slots[slot.id]);
  const steady = standing(kept.map((slot) => old.indexOf(slot.id)));
  const out = becomes.map((slot, index) => {
    const was = view.slots[slot.id];
    const start = timeOfDay(slot.planned_start_at, zone);
    if (!was) return { how: "new", title: slot.title, words: [start, lengthText(slot.duration_s), slot.speakers.join(", ")].filter(Boolean).join(" · ") };
    const words = [];
    const before = timeOfDay(was.planned_start_at, zone);
    if (!begun && start !== before) words.push(t("begins {time} instead of {old}", { time: start, old: before }));
    if (slot.duration_s !== was.duration_s) words.push(t("takes {time} instead of {old}", { time: lengthText(slot.duration_s), old: lengthText(was.duration_s) }));
    if (slot.kind !== was.kind) words.push(t("is {kind} instead of {old}", { kind: kindWord(slot.kind), old: kindWord(was.kind) }));
    if (slot.speakers.join(", ") !== names(was.speakers)) words.push(t("with {names} instead of {old}", { names: slot.speakers.join(", ") || t("nobody"), old: names(was.speakers) || t("nobody") }));
    if (slot.title !== was.title) words.push(t("called “{old}” before", { old: was.title }));
    if (!steady.has(old.indexOf(slot.id))) words.push(t("Number {n} of {m}", { n: index + 1, m: becomes.length }));
    return { how: words.length ? "changed" : "same", title: slot.title, words: words.join(" · ") };
  });
  for (const [id, slot] of slotList(view)) if (!left.has(id)) out.push({ how: "gone", title: slot.title, words: "" });
  return out;
}

export function Paste({ view, onDone }) {
  const [text, setText] = useState(kept);
  const [seen, setSeen] = useState(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => { kept = text; }, [text]);
  const look = async () => {
    setBusy(true);
    setSeen(null);
    try {
      const answer = await fetch(`/w/${encodeURIComponent(view.webinar.slug)}/moderator/preview-programme`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ text }) });
      const found = await answer.json();
      setSeen(found.slots || found.problems ? { ...found, of: text, base: link.seq() } : { problems: [{ message: (found.error && found.error.message) || t("It could not be read. Try again.") }] });
    } catch {
      setSeen({ problems: [{ message: t("No answer from the server. Nothing was changed. Try again.") }] });
    }
    setBusy(false);
  };
  const replace = async () => {
    const ack = await act("agenda:replace", { text: seen.of, base: seen.base }, { place: "paste" });
    if (ack.ok) { kept = ""; setText(""); setSeen(null); onDone(); }
  };
  const changes = seen && seen.slots ? differences(view, seen.becomes) : [];
  const clock = (ms) => timeOfDay(Math.ceil(ms / 1000) * 1000, view.webinar.timezone);
  const words = { new: t("new"), gone: t("goes"), changed: t("changes"), same: t("stays") };
  const note = (one) => (typeof one === "string" ? one : one.message || one.text || "");
  return html`<div class="paste"><label class="labelled"><span class="label">${t("Programme, as it stands in the mail or on the page")}</span>
      <textarea class="field" rows="9" value=${text} spellcheck="false" onInput=${(event) => { setText(event.target.value); setSeen(null); }} placeholder=${"08:30 – 08:35 Welcome\n08:35 Bi-Rex project, Mattia Adani"}></textarea></label>
    <div class="row"><${Btn} label=${busy ? t("Reading") : t("Show what changes")} kind=${seen && seen.slots ? "" : "main"} small=${false} busy=${busy} disabled=${!text.trim() || busy} onClick=${look} />
      ${seen && seen.slots ? html`<${Btn} label=${t("Replace the programme")} kind="main" small=${false} disabled=${!online() || !seen.changes} onClick=${replace} />` : null}</div>
    <${Refusal} place="paste" />
    ${seen && seen.problems && seen.problems.length ? html`<div class="err" role="alert"><b>${t("Nothing was changed.")}</b><ul>${seen.problems.map((problem, i) => html`<li key=${i}>${problem.line ? html`<b class="num">${t("Line {n}", { n: problem.line })}</b> ` : null}${problem.message}</li>`)}</ul></div>` : null}
    ${seen && seen.slots ? html`<div role="status"><p><b>${n("{n} slot", "{n} slots", seen.slots.length)}</b> ${view.timer.phase === "before" ? "" : t("What is done or running stays as it is.")} ${clock(seen.end_expected_at) === clock(seen.ends_at) ? t("ends {time}, as planned", { time: clock(seen.end_expected_at) }) : t("ends {time}, planned {planned}", { time: clock(seen.end_expected_at), planned: clock(seen.ends_at) })}</p>
      <ul class="changes">${changes.map((change, i) => html`<li key=${i} class=${`is-${change.how}`}><b>${words[change.how]}</b><span>${change.title}${change.words ? html`<small>${change.words}</small>` : null}</span></li>`)}</ul>
      ${seen.notes && seen.notes.length ? html`<ul class="notes meta">${seen.notes.map((one, i) => html`<li key=${i}>${note(one)}</li>`)}</ul>` : null}</div>` : null}</div>`;
}
