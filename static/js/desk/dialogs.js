// The smaller dialogs of the desk: commands, keys, all actions, settings, show of hands, the end.
import { html, useEffect, useMemo, useRef, useState } from "../vendor.js";
import { n, t } from "../i18n.js";
import { lengthText, timeOfDayWithSeconds } from "../format.js";
import { Dialog } from "../ui.js";
import { Btn, Refusal, Switch, online } from "./bits.js";
import { buckets, fold } from "./derive.js";
import { commands, possible } from "./keys.js";
import { deedList, undo } from "./moves.js";
import { HandBars } from "./queue.js";
import { Sheet } from "./sheet.js";
import { act, link, remember } from "./store.js";
import { secondsOf } from "./agenda.js";
import { deedText, myName } from "./words.js";

/** All commands by words: type, Enter. */
export function Palette({ onClose }) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef(null);
  const found = useMemo(() => {
    const words = fold(text).split(/\s+/).filter(Boolean);
    return commands().filter((one) => words.every((word) => fold(`${one.label} ${one.group}`).includes(word)));
  }, [text]);
  const run = (one) => { if (!one || !possible(one)) return; onClose(); requestAnimationFrame(() => one.run()); };
  const pick = Math.min(at, found.length - 1);
  useEffect(() => {
    const row = list.current && list.current.querySelector('[aria-selected="true"]');
    if (row) row.scrollIntoView({ block: "nearest" });
  }, [pick, text]);
  return html`<${Sheet} title=${t("Commands")} onClose=${onClose}>
    <input class="field" data-first autofocus role="combobox" aria-expanded="true" aria-controls="palette-list" aria-activedescendant=${found.length ? `palette-${pick}` : undefined} value=${text} aria-label=${t("Find a command")} placeholder=${t("Find a command")} onInput=${(event) => { setText(event.target.value); setAt(0); }}
      onKeyDown=${(event) => {
        if (event.key === "ArrowDown") { event.preventDefault(); setAt(Math.min(found.length - 1, pick + 1)); }
        if (event.key === "ArrowUp") { event.preventDefault(); setAt(Math.max(0, pick - 1)); }
        if (event.key === "Enter") { event.preventDefault(); run(found[pick]); }
      }} />
    <ul class="palette" id="palette-list" role="listbox" aria-label=${t("Commands")} ref=${list}>${found.map((one, i) => html`<li key=${one.label + one.group} id=${`palette-${i}`} role="option" aria-selected=${String(i === pick)} aria-disabled=${String(!possible(one))} onClick=${() => run(one)} onPointerMove=${() => setAt(i)}><span>${one.label}</span><span class="meta">${one.group}</span>${one.key ? html`<kbd>${one.key}</kbd>` : null}</li>`)}
      ${found.length ? null : html`<li class="meta">${t("Nothing found.")}</li>`}</ul><//>`;
}

export function Help({ onClose }) {
  const groups = useMemo(() => {
    const map = new Map();
    for (const one of commands()) if (one.key) map.set(one.group, [...(map.get(one.group) || []), one]);
    return [...map];
  }, []);
  return html`<${Sheet} title=${t("Keys")} onClose=${onClose}>
    <div class="keylist">${groups.map(([group, list]) => html`<section key=${group}><h4>${group}</h4><dl>${list.map((one) => html`<div key=${one.key}><dt><kbd>${one.key}</kbd></dt><dd>${one.label}</dd></div>`)}</dl></section>`)}</div>
    <p class="meta">${t("Keys never work while you type, nor together with Control, Alt or Command. In the queue, the arrow keys on a grip move the question. Escape closes what is open. Every key has a button.")}</p><//>`;
}

export function Deeds({ onClose }) {
  const view = link.view.value;
  const list = deedList(view);
  return html`<${Sheet} title=${t("All actions")} onClose=${onClose}><${Refusal} place="last" />
    <ul class="deedlist">${list.map((deed) => html`<li key=${deed.seq} class=${deed.undone ? "is-undone" : ""}><span class="meta num">${timeOfDayWithSeconds(deed.at, view.webinar.timezone)}</span><span>${deedText(view, deed, 120)}</span>${deed.undone ? html`<span class="meta">${t("taken back")}</span>` : deed.undoable ? html`<${Btn} label=${t("Undo")} icon="undo-2" describe=${t("Undo: {deed}", { deed: deedText(view, deed, 80) })} onClick=${() => undo(deed)} />` : html`<span></span>`}</li>`)}</ul>
    ${list.length ? null : html`<p class="meta">${t("Nothing has been done yet.")}</p>`}<//>`;
}

export function Settings({ onClose }) {
  const view = link.view.value;
  const { settings } = view.webinar;
  const set = (fields) => act("settings:change", fields, { place: "settings" });
  const [name, setName] = useState(myName());
  const choose = (label, value, choices, field) => html`<div class="labelled" role="group" aria-label=${label}><span class="label">${label}</span><span class="chips">${choices.map(([key, word]) => html`<${Btn} key=${key} label=${word} pressed=${value === key} onClick=${() => set({ [field]: key })} />`)}</span></div>`;
  const text = (label, field) => html`<label class="labelled"><span class="label">${label}</span><input class="field" value=${settings[field] || ""} maxlength="200" disabled=${!online()} onChange=${(event) => { if (event.target.value.trim()) set({ [field]: event.target.value.trim() }); }} /></label>`;
  return html`<${Sheet} title=${t("Settings")} onClose=${onClose}><div class="form"><${Refusal} place="settings" />
    <form class="labelled" onSubmit=${(event) => { event.preventDefault(); remember("name", name.trim()); link.retry(); }}><label class="label" for="my-name">${t("Your name, for the other moderators")}</label><span class="row"><input id="my-name" class="field" value=${name} maxlength="60" onInput=${(event) => setName(event.target.value)} /><${Btn} label=${t("Save")} small=${false} type="submit" /></span></form>
    ${choose(t("New questions"), settings.moderation, [["pre", t("Read first, then public")], ["post", t("Public at once")]], "moderation")}
    ${choose(t("Names of those who ask"), settings.names, [["optional", t("if they like")], ["required", t("required")], ["off", t("not asked for")]], "names")}
    <label class="labelled"><span class="label">${t("Longest question, in characters")}</span><input class="field num" type="number" min="50" max="2000" step="10" value=${settings.max_length} disabled=${!online()} onChange=${(event) => { const value = Number(event.target.value); if (value >= 50 && value <= 2000) set({ max_length: Math.round(value) }); }} /></label>
    <div class="labelled"><span class="label">${t("Time for each question in the debate")}</span><span class="row"><${Btn} label=${t("Learned from the answers, {time} now", { time: lengthText(view.queue.each_s || 150) })} pressed=${!settings.each_s} onClick=${() => set({ each_s: null })} /><input class="field num" aria-label=${t("Time for each question, in minutes or m:ss")} value=${settings.each_s ? lengthText(settings.each_s) : ""} placeholder="2:30" disabled=${!online()} onChange=${(event) => { const value = secondsOf(event.target.value); if (value >= 10) set({ each_s: value }); }} /></span></div>
    <${Switch} label=${t("Start by itself")} hint=${t("The webinar begins at its planned time.")} checked=${settings.auto_start} onChange=${(on) => set({ auto_start: on })} />
    <${Switch} label=${t("Go on by itself")} hint=${t("The next slot begins when the time of the one before is up.")} checked=${settings.auto_next} onChange=${(on) => set({ auto_next: on })} />
    <${Switch} label=${t("Messages by themselves")} hint=${t("The speaker gets a message at the warning, in the last minute and over time.")} checked=${settings.auto_messages} onChange=${(on) => set({ auto_messages: on })} />
    ${settings.auto_messages ? html`${text(t("At the warning"), "warn_text")}${text(t("In the last minute"), "danger_text")}${text(t("Over time"), "over_text")}` : null}</div><//>`;
}

export function HandsDialog({ onClose }) {
  const view = link.view.value;
  const { hands } = view;
  const [text, setText] = useState("");
  const [answers, setAnswers] = useState([t("Yes"), t("No")]);
  const open = hands && hands.open;
  const send = async (event) => {
    event.preventDefault();
    const ack = await act("hands:ask", { text: text.trim(), answers: answers.map((one) => one.trim()).filter(Boolean) }, { place: "hands" });
    if (ack.ok) { setText(""); setAnswers([t("Yes"), t("No")]); }
  };
  const past = (view.hands_past || []).slice().reverse();
  return html`<${Sheet} title=${t("Show of hands")} onClose=${onClose}><div class="form"><${Refusal} place="hands" />
    ${hands ? html`<section><h4>${hands.text}</h4><${HandBars} hands=${hands} /><div class="row"><span class="meta num">${n("{n} hand", "{n} hands", hands.counts.reduce((sum, count) => sum + count, 0))}${open ? "" : ` · ${t("closed")}`}</span><span class="sp"></span>${open ? html`<${Btn} label=${t("Close the show of hands")} kind="main" small=${false} onClick=${() => act("hands:close", {}, { place: "hands" })} />` : null}</div></section>` : null}
    ${open ? null : html`<form class="form" onSubmit=${send}><label class="labelled"><span class="label">${t("Question to everybody")}</span><input class="field" data-first value=${text} maxlength="300" onInput=${(event) => setText(event.target.value)} /></label>
      ${answers.map((answer, i) => html`<label class="labelled" key=${i}><span class="label">${t("Answer {n}", { n: i + 1 })}</span><span class="row"><input class="field" value=${answer} maxlength="100" onInput=${(event) => setAnswers(answers.map((one, j) => (j === i ? event.target.value : one)))} />${answers.length > 2 ? html`<${Btn} label=${t("Remove answer {n}", { n: i + 1 })} icon="x" only kind="bare" server=${false} onClick=${() => setAnswers(answers.filter((_, j) => j !== i))} />` : null}</span></label>`)}
      <div class="row">${answers.length < 5 ? html`<${Btn} label=${t("One more answer")} icon="plus" server=${false} onClick=${() => setAnswers([...answers, ""])} />` : null}<span class="sp"></span><${Btn} label=${t("Ask for hands")} kind="main" small=${false} type="submit" disabled=${!text.trim() || answers.filter((one) => one.trim()).length < 2} /></div></form>`}
    ${past.length ? html`<section><h4>${t("Earlier")}</h4>${past.map((one) => html`<div class="past-hands" key=${one.id}><b>${one.text}</b><${HandBars} hands=${one} /></div>`)}</section>` : null}</div><//>`;
}

export function EndDialog({ onClose }) {
  const view = link.view.value;
  const all = buckets(view);
  const open = all.review.length + all.public.length + view.queue.order.length;
  const end = async () => { onClose(); await act("timer:end", {}, { place: "clock" }); };
  return html`<${Dialog} title=${t("End the webinar now?")} onClose=${onClose} actions=${html`<${Btn} label=${t("Keep going")} kind="bare" small=${false} server=${false} onClick=${onClose} /><${Btn} label=${t("End webinar")} kind="main" small=${false} onClick=${end} />`}>
    <p>${t("Every screen shows the end.")} ${open ? n("{n} question stays open; it goes to the speakers for a written answer.", "{n} questions stay open; they go to the speakers for written answers.", open) : ""}</p><//>`;
}
