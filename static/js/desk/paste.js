// A new programme pasted over the agenda: it shows what would change before anything does.
import { html, useEffect, useState } from "../vendor.js";
import { n, t } from "../i18n.js";
import { lengthText, timeOfDay } from "../format.js";
import { Btn, Refusal, online } from "./bits.js";
import { slotList } from "./derive.js";
import { act, link } from "./store.js";
import { kindWord } from "./words.js";

let kept = ""; // what was pasted stays while the page is open

/** What a programme would change, slot by slot: [{how: "new"|"gone"|"changed"|"same", title, words}]. */
export function differences(view, slots) {
  const zone = view.webinar.timezone;
  const names = (list) => (list || []).map((who) => (typeof who === "string" ? (view.speakers[who] ? view.speakers[who].name : who) : who.name));
  const begun = view.timer.phase !== "before";
  const happened = (slot) => begun && (slot.state === "done" || slot.state === "now" || slot.actual_start_at !== undefined);
  const old = slotList(view).map(([id, slot]) => ({ id, happened: happened(slot), title: slot.title, start: timeOfDay(slot.planned_start_at, zone), duration_s: slot.duration_s, kind: slot.kind, speakers: names(slot.speakers) }));
  const left = new Map(old.map((slot) => [slot.id, slot]));
  const find = (slot) => {
    const all = [...left.values()];
    return (slot.id && left.get(slot.id)) || all.find((one) => one.title === slot.title && one.speakers.join() === names(slot.speakers).join()) || all.find((one) => one.title === slot.title) || null;
  };
  const out = [];
  for (const slot of slots) {
    const was = find(slot);
    const start = slot.start || (slot.planned_start_at || slot.start_at ? timeOfDay(slot.planned_start_at || slot.start_at, zone) : "");
    if (!was) { out.push({ how: "new", title: slot.title, words: [start, lengthText(slot.duration_s), names(slot.speakers).join(", ")].filter(Boolean).join(" · ") }); continue; }
    left.delete(was.id);
    const words = [];
    if (was.happened) { out.push({ how: "same", title: was.title, words: "" }); continue; }
    if (!begun && start && start !== was.start) words.push(t("begins {time} instead of {old}", { time: start, old: was.start }));
    if (slot.duration_s !== was.duration_s) words.push(t("takes {time} instead of {old}", { time: lengthText(slot.duration_s), old: lengthText(was.duration_s) }));
    if (slot.kind && slot.kind !== was.kind) words.push(t("is {kind} instead of {old}", { kind: kindWord(slot.kind), old: kindWord(was.kind) }));
    if (names(slot.speakers).join() !== was.speakers.join()) words.push(t("with {names} instead of {old}", { names: names(slot.speakers).join(", ") || t("nobody"), old: was.speakers.join(", ") || t("nobody") }));
    out.push({ how: words.length ? "changed" : "same", title: slot.title, words: words.join(" · ") });
  }
  for (const slot of left.values()) out.push({ how: slot.happened ? "same" : "gone", title: slot.title, words: "" });
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
  const changes = seen && seen.slots ? differences(view, seen.slots) : [];
  const words = { new: t("new"), gone: t("goes"), changed: t("changes"), same: t("stays") };
  const note = (one) => (typeof one === "string" ? one : one.message || one.text || "");
  return html`<div class="paste"><label class="labelled"><span class="label">${t("Programme, as it stands in the mail or on the page")}</span>
      <textarea class="field" rows="9" value=${text} spellcheck="false" onInput=${(event) => { setText(event.target.value); setSeen(null); }} placeholder=${"08:30 – 08:35 Welcome\n08:35 Bi-Rex project, Mattia Adani"}></textarea></label>
    <div class="row"><${Btn} label=${busy ? t("Reading") : t("Show what changes")} kind=${seen && seen.slots ? "" : "main"} small=${false} busy=${busy} disabled=${!text.trim() || busy} onClick=${look} />
      ${seen && seen.slots ? html`<${Btn} label=${t("Replace the programme")} kind="main" small=${false} disabled=${!online() || !changes.some((change) => change.how !== "same")} onClick=${replace} />` : null}</div>
    <${Refusal} place="paste" />
    ${seen && seen.problems && seen.problems.length ? html`<div class="err" role="alert"><b>${t("Nothing was changed.")}</b><ul>${seen.problems.map((problem, i) => html`<li key=${i}>${problem.line ? html`<b class="num">${t("Line {n}", { n: problem.line })}</b> ` : null}${problem.message}</li>`)}</ul></div>` : null}
    ${seen && seen.slots ? html`<div role="status"><p><b>${n("{n} slot", "{n} slots", seen.slots.length)}</b> ${view.timer.phase === "before" ? "" : t("What is done or running stays as it is.")}</p>
      <ul class="changes">${changes.map((change, i) => html`<li key=${i} class=${`is-${change.how}`}><b>${words[change.how]}</b><span>${change.title}${change.words ? html`<small>${change.words}</small>` : null}</span></li>`)}</ul>
      ${seen.notes && seen.notes.length ? html`<ul class="notes meta">${seen.notes.map((one, i) => html`<li key=${i}>${note(one)}</li>`)}</ul>` : null}</div>` : null}</div>`;
}
