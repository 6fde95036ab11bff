// The top of the desk: who is here, the clock with its controls, the ribbon, and what the plan costs.
import { html, useEffect, useMemo, useRef, useState } from "../vendor.js";
import { n, t } from "../i18n.js";
import { clockText, dateText, lengthText, timeOfDay, timeOfDayWithSeconds } from "../format.js";
import { project, remaining, settlements, timeState } from "../timer.js";
import { theme } from "../ui.js";
import { Btn, I, Menu, Refusal, useSecond } from "./bits.js";
import { firstName, lastName, people, shortTitle, slotList, speakerNames } from "./derive.js";
import { act, dialog, link } from "./store.js";
import { kindWord, listWords, meKey } from "./words.js";

export const zoneOf = (view) => view.webinar.timezone;
// To the next whole second: a share of time rounded down must not read as a minute earlier.
export const at = (view, ms) => timeOfDay(Math.ceil(ms / 1000) * 1000, zoneOf(view));

/** The agenda as it stands at `now`: the current slot, the next one, and how late the current one ends. */
export function standing(view, now) {
  const projected = project(view, now);
  const list = slotList(view);
  const { timer } = view;
  const on = timer.phase === "running" || timer.phase === "paused";
  const id = on ? timer.slot : null;
  const slot = id ? view.slots[id] : null;
  const next = list.find(([key]) => projected.slots[key] && projected.slots[key].state === "next") || null;
  let late = 0;
  if (on && projected.slots[id]) late = projected.slots[id].expected_end_at - (slot.planned_start_at + slot.duration_s * 1000);
  else if (timer.phase === "before" && next) late = projected.slots[next[0]].expected_start_at - next[1].planned_start_at;
  return { projected, list, id, slot, next, late_s: Math.trunc(late / 1000), on };
}

const FAR_MS = 12 * 3600e3; // a countdown longer than that says less than the date

function dayText(ms, zone) {
  const lang = document.documentElement.lang || "en";
  return new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { timeZone: zone, day: "numeric", month: "short", year: "numeric" }).format(ms);
}

const TIME_ICON = { normal: "clock", warning: "triangle-alert", danger: "octagon-alert", overtime: "hourglass", paused: "pause", before: "clock", ended: "circle-check" };
const timeWord = (state) => ({
  normal: t("Left"), warning: t("Come to the end"), danger: t("Last minute"), overtime: t("Over time"), paused: t("Paused"), before: t("Begins in"), ended: t("Ended"),
})[state];

export function Top({ compact }) {
  const view = link.view.value;
  return html`<header class="desk-top"><h1 class="clip" title=${view.webinar.title}>${view.webinar.title}</h1>
    <${WallTime} view=${view} /><span class="sp"></span>
    <${Here} view=${view} compact=${compact} />
    <${QaMenu} view=${view} />
    ${compact ? null : html`<${Btn} label=${t("Agenda")} icon="calendar" kind="bare" server=${false} onClick=${() => { dialog.value = { name: "agenda" }; }} />
    <${Btn} label=${t("Commands")} icon="command" kind="bare" kbd="C" className="wide" server=${false} onClick=${() => { dialog.value = { name: "palette" }; }} />`}
    <${DeskMenu} view=${view} compact=${compact} />
  </header>`;
}

function WallTime({ view }) {
  const now = useSecond();
  return html`<span class="meta wide"><span>${dateText(now, zoneOf(view))}</span><span class="num">${timeOfDayWithSeconds(now, zoneOf(view))}</span><span>${zoneOf(view).split("/").pop().replace(/_/g, " ")}</span></span>`;
}

function Here({ view, compact }) {
  const presence = view.presence || {};
  const all = people(view);
  const connected = all.filter((who) => who.screens.length).length;
  const mods = Object.entries(presence.moderators || {});
  const names = mods.map(([key, who]) => firstName(who.name) || (key === meKey() ? t("you") : t("somebody")));
  const words = names.length > 1 ? t("{names} moderate", { names: listWords(names) }) : "";
  const troubled = Object.entries(view.signals || {});
  return html`<span class="state">${I("users")} <span class="num">${compact ? html`<span class="vh">${t("here")}</span>${view.counts.attendees ?? 0}` : n("{n} here", "{n} here", view.counts.attendees ?? 0)}</span></span>
    ${troubled.map(([slot, signal]) => html`<span class="state signal" key=${slot} data-signal=${signal.signal} title=${signalWord(view, slot, signal.signal)}>${I(signal.signal === "problem" ? "triangle-alert" : signal.signal === "more_time" ? "hourglass" : "check")} <span class="clip">${signalWord(view, slot, signal.signal)}</span></span>`)}
    <button type="button" class="state state--btn wide" onClick=${() => { dialog.value = { name: "preflight" }; }}>${I("monitor")} <span>${t("{n} of {m} speaker screens", { n: connected, m: all.length })}</span></button>
    ${words ? html`<span class="state wide mods">${words}</span>` : null}`;
}

export function signalWord(view, slot, signal) {
  const name = speakerNames(view, (view.slots[slot] || {}).speakers, true)[0] || (view.slots[slot] || {}).title || "";
  return { ready: t("{name} is ready", { name }), more_time: t("{name} asks for one more minute", { name }), problem: t("{name} has a problem", { name }) }[signal] || "";
}

function QaMenu({ view }) {
  const { qa } = view;
  const pick = (type) => act(type, {}, { place: "top" });
  const open = qa.state === "open";
  const pre = (qa.moderation || view.webinar.settings.moderation) === "pre";
  const set = (moderation) => act("settings:change", { moderation }, { place: "top" });
  return html`<${Menu} label=${open ? t("Questions open") : t("Questions closed")} icon=${open ? null : "lock"} server items=${[
    { label: t("Open"), hint: t("Until you close them"), checked: qa.mode === "open", run: () => pick("qa:open") },
    { label: t("Closed"), hint: t("Nobody can ask, votes go on"), checked: qa.mode === "closed", run: () => pick("qa:close") },
    { label: t("By the agenda"), hint: t("Open until the wrap up begins"), checked: qa.mode === "auto", run: () => pick("qa:auto") },
    null,
    { label: t("Read first, then public"), hint: t("Every question waits in Review"), checked: pre, run: () => set("pre") },
    { label: t("Public at once"), hint: t("You take away what should not be there"), checked: !pre, run: () => set("post") },
  ]} />`;
}

function DeskMenu({ view, compact }) {
  const show = (name) => () => { dialog.value = { name }; };
  const { phase } = view.timer;
  return html`<${Menu} label=${t("More")} icon="ellipsis" kind="bare" only server=${false} items=${[
    compact ? { label: t("Agenda"), icon: "calendar", run: show("agenda") } : null,
    { label: t("Commands"), icon: "command", kbd: "C", run: show("palette") },
    { label: t("Preflight"), hint: t("Screens, clocks, the log"), icon: "shield-check", run: show("preflight") },
    { label: t("Links and QR"), icon: "link", run: show("links") },
    { label: t("Show of hands"), icon: "hand", run: show("hands") },
    { label: t("Settings"), icon: "settings", run: show("settings") },
    { label: t("All actions"), icon: "history", run: show("deeds") },
    { label: t("Keys"), icon: "keyboard", kbd: "?", run: show("help") },
    { label: t("Light or dark"), icon: "sun-moon", run: flipTheme },
    { label: t("Report"), icon: "chart-column", run: () => { location.href = `/w/${encodeURIComponent(view.webinar.slug)}/report`; } },
    phase === "running" || phase === "paused" ? { label: t("End webinar"), icon: "square", run: show("end") } : null,
  ].filter((item) => item)} />`;
}

export function flipTheme() {
  const chosen = theme.get();
  const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  theme.set(dark ? "light" : "dark");
}

// --- the clock --------------------------------------------------------------------------------------------------------

export function Clock({ compact, phone }) {
  const view = link.view.value;
  const { timer } = view;
  const first = slotList(view)[0];
  const phase = timer.deadline_at || (first && first[1].planned_start_at) || 0;
  const now = useSecond(phase);
  const s = standing(view, now);
  const state = timeState(s.slot, timer, now);
  const left = remaining(timer, now);
  let digits;
  let word = timeWord(state);
  if (state === "before") {
    const until = first ? first[1].planned_start_at - now : 0;
    digits = clockText(until / 1000);
    if (until < 0) word = t("Should have begun");
    if (Math.abs(until) > FAR_MS) {
      digits = first ? at(view, first[1].planned_start_at) : "";
      word = first ? t("Planned for {date}", { date: dayText(first[1].planned_start_at, zoneOf(view)) }) : t("Nothing planned");
    }
  } else if (state === "ended") digits = at(view, timer.ended_at || timer.end_expected_at || now);
  else digits = clockText(left / 1000);
  if (state === "paused" && left < 0) word = t("Paused, over time");
  return html`<section class="clock" data-time=${state} aria-label=${t("Clock")}>
    <div class="time"><span class="word">${I(TIME_ICON[state], false)} ${word}</span><span class="d" role="timer" data-glyphs=${digits.length}>${digits}</span></div>
    <${Now} view=${view} s=${s} now=${now} state=${state} />
    ${phone ? null : html`<${Next} view=${view} s=${s} />`}
    ${compact ? null : html`<${Ends} view=${view} s=${s} />`}
    ${phone ? null : html`<${Controls} view=${view} s=${s} />`}
    <${Refusal} place="clock" className="clock-err" />
  </section>`;
}

function whoOf(view, slot, long) {
  if (!slot) return "";
  const people = (slot.speakers || []).map((id) => view.speakers[id]).filter(Boolean);
  const words = people.map((who) => (long && people.length === 1 && who.affiliation ? `${who.name}, ${who.affiliation}` : who.name)).join(", ");
  return slot.kind === "debate" && words ? t("Moderated by {names}", { names: words }) : words;
}

function Now({ view, s, now, state }) {
  const { timer } = view;
  if (!s.on) {
    const first = s.list[0];
    const ended = timer.phase === "ended";
    return html`<div><span class="label">${ended ? t("Over") : t("Not begun")}</span><h2 class="clip">${ended ? t("The webinar has ended") : view.webinar.title}</h2>
      <p class="who clip">${ended ? t("Open questions go to the speakers for written answers.") : first ? dateText(first[1].planned_start_at, zoneOf(view)) : t("The agenda is empty.")}</p>
      <div class="bar"></div><p class="meta gap">${ended ? html`<a href=${`/w/${encodeURIComponent(view.webinar.slug)}/report`}>${t("Report")}</a>` : first ? t("planned {from} to {to}", { from: at(view, first[1].planned_start_at), to: at(view, view.webinar.ends_at) }) : ""}</p></div>`;
  }
  const total = Math.max(1, timer.deadline_at - timer.started_at);
  const done = state === "overtime" ? 100 : Math.min(100, Math.max(0, 100 - (100 * remaining(timer, now)) / total));
  const began = timeOfDayWithSeconds(timer.started_at, zoneOf(view));
  const length = lengthText(timer.duration_s);
  const words = timer.added_s ? t("{length} {added}, began {time}", { length, added: `${timer.added_s > 0 ? "+" : "−"}${lengthText(Math.abs(timer.added_s))}`, time: began })
    : s.slot.flex || timer.duration_s !== s.slot.duration_s ? t("{length}, began {time}", { length, time: began }) : t("{length} planned, began {time}", { length, time: began });
  return html`<div><span class="label">${t("Now")}</span><h2 class="clip" title=${s.slot.title}>${s.slot.title}</h2><p class="who clip">${whoOf(view, s.slot, true) || kindWord(s.slot.kind)}</p>
    <div class="bar" style=${{ "--p": `${done}%` }}></div><p class="meta gap">${words}</p></div>`;
}

function Next({ view, s }) {
  if (!s.next) return html`<div><span class="label">${t("Next")}</span><h3 class="clip">${view.timer.phase === "ended" ? t("Written answers") : t("The end")}</h3><p class="who clip"></p></div>`;
  const [id, slot] = s.next;
  const planned = at(view, slot.planned_start_at);
  const expected = at(view, s.projected.slots[id].expected_start_at);
  return html`<div><span class="label">${t("Next")}</span><h3 class="clip" title=${slot.title}>${slot.title}</h3><p class="who clip">${whoOf(view, slot) || kindWord(slot.kind)}</p>
    <p class="meta gap">${planned === expected ? html`<span>${planned}</span><span>${t("as planned")}</span>` : html`<span>${t("planned {time}", { time: planned })}</span><span>${t("now {time}", { time: expected })}</span>`}</p></div>`;
}

function Ends({ view, s }) {
  const expected = at(view, s.projected.end_expected_at);
  const planned = at(view, view.webinar.ends_at);
  return html`<div class="end"><span class="label">${view.timer.phase === "ended" ? t("Ended") : t("Ends")}</span><h3>${expected}</h3><p class="meta">${expected === planned ? t("as planned") : t("planned {time}", { time: planned })}</p>
    ${s.on ? html`<button type="button" class="linklike" onClick=${() => { dialog.value = { name: "end" }; }}>${t("End webinar")}</button>` : null}</div>`;
}

export function startNext() {
  const view = link.view.value;
  const { phase } = view.timer;
  const s = standing(view, link.now());
  if (phase === "before") return act("timer:start", {}, { place: "clock" });
  if (phase === "ended") return act("timer:previous", {}, { place: "clock" });
  if (!s.next) { dialog.value = { name: "end" }; return null; }
  return act("timer:next", {}, { place: "clock" });
}

export function Controls({ view, s, docked }) {
  const { phase } = view.timer;
  const send = (type, payload) => act(type, payload, { place: "clock" });
  const on = s.on;
  const why = phase === "before" ? t("Works once the webinar has begun.") : t("The webinar has ended.");
  const paused = phase === "paused";
  const main = phase === "before" ? [t("Start"), "play"] : phase === "ended" ? [t("Go back in"), "rotate-ccw"] : s.next ? [t("Start next"), "skip-forward"] : [t("End webinar"), "square"];
  return html`<div class=${`controls ${docked ? "controls--docked" : ""}`} role="group" aria-label=${t("Controls of the clock")}>
    <${Btn} label=${t("1 min")} icon="minus" small=${false} disabled=${!on} why=${why} describe=${t("1 min less")} onClick=${() => send("timer:add", { seconds: -60 })} />
    <${Btn} label=${t("1 min")} icon="plus" small=${false} disabled=${!on} why=${why} describe=${t("1 min more")} onClick=${() => send("timer:add", { seconds: 60 })} />
    ${paused ? html`<${Btn} label=${t("Go on")} icon="play" small=${false} kind="main" onClick=${() => send("timer:resume", {})} />` : html`<${Btn} label=${t("Pause")} icon="pause" small=${false} disabled=${!on} why=${why} onClick=${() => send("timer:pause", {})} />`}
    <${Btn} label=${t("Back")} icon="skip-back" small=${false} disabled=${phase === "before" || phase === "ended"} why=${why} onClick=${() => send("timer:previous", {})} />
    <${Btn} label=${main[0]} icon=${main[1]} small=${false} kind=${paused ? "" : "main"} className="next" onClick=${startNext} /></div>`;
}

// --- the ribbon -------------------------------------------------------------------------------------------------------

export function Ribbon() {
  const view = link.view.value;
  const now = useSecond();
  const s = standing(view, now);
  const parts = [];
  for (const [id, slot] of s.list) {
    const p = s.projected.slots[id];
    if (!p || p.state === "skipped") continue;
    const minutes = Math.max(0.3, (p.expected_end_at - p.expected_start_at) / 60000);
    const mark = { key: id, title: slot.title, short: shortTitle(slot.title, slot.kind, kindWord(slot.kind)), time: at(view, p.expected_start_at), m: minutes, state: p.state, flex: slot.flex };
    if (p.state === "now") {
      const over = Math.max(0, (now - view.timer.deadline_at) / 60000);
      const running = view.timer.phase === "running" && over > 0 ? over : 0;
      mark.p = Math.min(100, (100 * (now - view.timer.started_at)) / Math.max(1, p.expected_end_at - p.expected_start_at));
      if (view.timer.phase === "paused") mark.p = Math.min(100, (100 * (view.timer.paused_at - view.timer.started_at)) / Math.max(1, p.expected_end_at - p.expected_start_at));
      if (running) { mark.over = running; mark.p = 100; }
    }
    parts.push(mark);
  }
  return html`<div class="hourmap"><div class="hour" role="img" aria-label=${t("The hour: what is done, now and to come")}>${parts.map((part) => (part.over
    ? [html`<i class="now" key=${part.key} style=${{ "--m": Math.max(0.3, part.m - part.over), "--p": "100%" }}></i>`, html`<i class="over" key=${`${part.key}+`} style=${{ "--m": part.over }}></i>`]
    : html`<i key=${part.key} class=${part.state === "done" ? "done" : part.state === "now" ? "now" : part.flex ? "flex" : ""} style=${{ "--m": part.m, "--p": `${part.p || 0}%` }}></i>`))}</div>
    <div class="names">${parts.map((part) => html`<span key=${part.key} class=${part.state === "now" ? "now" : ""} style=${{ "--m": part.m }} title=${part.title}><b>${part.short}</b>${part.time}</span>`)}</div></div>`;
}

// --- who gives the time -----------------------------------------------------------------------------------------------

const LATE_S = 15; // less than that is nobody's business

function choiceWords(view, way, next) {
  const ends = t("ends {time}", { time: at(view, way.end_expected_at) });
  const debate = Object.entries(way.lengths).find(([id]) => view.slots[id].kind === "debate" || view.slots[id].flex);
  if (way.how === "debate") return { label: t("From the debate"), pre: debate ? lengthText(debate[1]) : "", ends };
  if (way.how === "shave") {
    const shaved = Object.keys(way.changes);
    return { label: shaved.length === 1 && next && shaved[0] === next[0] ? t("From the next talk") : t("From the talks left"), pre: shaved.length === 1 ? lengthText(way.lengths[shaved[0]]) : n("{n} talk", "{n} talks", shaved.length), ends };
  }
  if (way.how === "skip") {
    const id = Object.keys(way.changes)[0];
    const word = id ? kindWord(view.slots[id].kind).toLowerCase() : "";
    return { label: id && view.slots[id].kind === "wrapup" ? t("Skip the wrap-up") : t("Skip the {kind}", { kind: word }), pre: debate ? t("debate {time}", { time: lengthText(debate[1]) }) : "", ends };
  }
  return { label: t("Let the end move"), pre: "", ends };
}

export function Verdict() {
  const view = link.view.value;
  const now = useSecond();
  const s = standing(view, now);
  const { phase } = view.timer;
  const [chosen, setChosen] = useState(null);
  const over = s.projected.over_s;
  const slotNow = useRef(s.id);
  useEffect(() => { slotNow.current = s.id; setChosen(null); }, [s.id]);
  if (phase === "ended") return html`<div class="cost"><p><span><b>${over > 59 ? t("Ended {time} after the plan.", { time: lengthText(over) }) : over < -59 ? t("Ended {time} before the plan.", { time: lengthText(-over) }) : t("Ended as planned.")}</b></span></p><${Floor} view=${view} /></div>`;
  if (phase === "before") return html`<${BeforeStart} view=${view} s=${s} now=${now} />`;
  const behind = s.slot && s.slot.kind === "debate" && s.late_s < LATE_S ? 0 : s.late_s;
  if (behind < LATE_S && over < LATE_S) {
    const ahead = Math.max(-over, s.next ? (s.next[1].planned_start_at - s.projected.slots[s.next[0]].expected_start_at) / 1000 : 0);
    return html`<div class="cost"><p><span><b>${ahead > 59 ? t("{time} ahead.", { time: lengthText(ahead) }) : t("On plan.")}</b> ${debateWords(view, s)}</span></p><${Floor} view=${view} /><${Refusal} place="plan" /></div>`;
  }
  const ways = settlements(view, now);
  // The way that was chosen is in force for as long as the plan is what it made of it: an undo lets go of it.
  const holds = chosen && Object.entries(chosen.changes).every(([id, fields]) => view.slots[id] && Object.entries(fields).every(([name, value]) => view.slots[id][name] === value));
  const inForce = holds ? chosen.how : (over >= LATE_S && ways.some((way) => way.how === "move") ? "move" : ways.some((way) => way.how === "debate") ? "debate" : "move");
  const settle = async (way) => {
    setChosen(way);
    const slot = way.how === "skip" ? Object.keys(way.changes)[0] : null;
    const ack = await act("agenda:settle", slot ? { how: way.how, slot } : { how: way.how }, { place: "plan" });
    if (!ack.ok) setChosen(null);
  };
  return html`<div class="cost cost--late"><p>${I("hourglass")}<span><b>${t("{time} behind the plan.", { time: lengthText(Math.max(behind, over)) })}</b> ${ways.length > 1 ? t("Who gives the time?") : ""}</span></p>
    <div class="choices" role="group" aria-label=${t("Who gives the time?")} data-count=${ways.length}>${ways.map((way) => {
      const words = choiceWords(view, way, s.next);
      return html`<button type="button" class="choice" key=${way.how} aria-pressed=${String(way.how === inForce)} disabled=${!link.status.value.online} onClick=${() => settle(way)}><b class="clip">${words.label}</b><span class="num clip">${words.pre ? html`<span class="pre">${words.pre}, </span>` : null}${words.ends}</span></button>`;
    })}</div><${Refusal} place="plan" /></div>`;
}

function BeforeStart({ view, s, now }) {
  const first = s.list[0];
  if (!first) return html`<div class="cost"><p><span><b>${t("The agenda is empty.")}</b> ${t("Add slots or paste a programme.")}</span></p><div class="choices"><button type="button" class="choice" onClick=${() => { dialog.value = { name: "agenda" }; }}><b>${t("Agenda")}</b></button></div></div>`;
  const late = Math.trunc((now - first[1].planned_start_at) / 1000);
  const near = Math.abs(late) <= 6 * 3600;
  const length = (view.webinar.ends_at - first[1].planned_start_at);
  const send = (replan) => act("timer:start", replan === undefined ? {} : { replan }, { place: "clock" });
  const off = !link.status.value.online;
  return html`<div class="cost"><p><span><b>${!near ? t("The plan is for another time.") : late > 59 ? t("{time} behind the plan.", { time: lengthText(late) }) : t("Not begun.")}</b> ${!near ? t("Starting now moves the whole plan to now.") : late > 59 ? t("Start and keep the end, or move the whole plan?") : t("Check screens and links before you start.")}</span></p>
    <div class="choices" data-count="3">${near && late > 59 ? html`
      <button type="button" class="choice" disabled=${off} onClick=${() => send(false)}><b>${t("Start, keep the end")}</b><span class="num">${t("ends {time}", { time: at(view, s.projected.end_expected_at) })}</span></button>
      <button type="button" class="choice" disabled=${off} onClick=${() => send(true)}><b>${t("Start, move the plan")}</b><span class="num">${t("ends {time}", { time: at(view, now + length) })}</span></button>` : null}
      <button type="button" class="choice" onClick=${() => { dialog.value = { name: "preflight" }; }}><b>${t("Preflight")}</b><span>${t("screens, clocks, the log")}</span></button>
      <button type="button" class="choice" onClick=${() => { dialog.value = { name: "links" }; }}><b>${t("Links and QR")}</b><span>${t("for speakers and attendees")}</span></button>
      ${near && late > 59 ? null : html`<button type="button" class="choice" onClick=${() => { dialog.value = { name: "agenda" }; }}><b>${t("Agenda")}</b><span>${n("{n} slot", "{n} slots", s.list.length)}</span></button>`}</div></div>`;
}

function debateWords(view, s) {
  const flex = s.list.find(([id, slot]) => (slot.flex || slot.kind === "debate") && s.projected.slots[id] && ["now", "next", "later"].includes(s.projected.slots[id].state));
  if (!flex) return "";
  const [id, slot] = flex;
  const length = id === s.id ? view.timer.duration_s : Math.floor((s.projected.slots[id].expected_end_at - s.projected.slots[id].expected_start_at) / 1000);
  const diff = slot.duration_s - length;
  const each = view.queue.each_s || 150;
  const fits = Math.floor(length / each);
  const planned = Math.floor(slot.duration_s / each);
  if (diff >= LATE_S) return fits < planned ? n("The debate took up {time}: {n} question fits instead of {m}.", "The debate took up {time}: {n} questions fit instead of {m}.", fits, { time: lengthText(diff), m: planned }) : t("The debate took up {time}.", { time: lengthText(diff) });
  if (diff <= -LATE_S) return t("The debate has {time} more.", { time: lengthText(-diff) });
  return n("{n} question fits in the debate.", "{n} questions fit in the debate.", fits);
}

/** Seconds spoken in the debate by each speaker; those who were asked most stand first. */
export function Floor({ view }) {
  const people = useMemo(() => {
    const all = Object.entries(view.speakers).map(([id, who]) => ({ id, name: lastName(who.name), full: who.name, seconds: (view.floor && view.floor[id] && view.floor[id].seconds) || 0, questions: (view.floor && view.floor[id] && view.floor[id].questions) || 0 }));
    const debating = slotList(view).filter(([, slot]) => slot.kind === "talk").flatMap(([, slot]) => slot.speakers);
    return all.filter((who) => who.seconds || debating.includes(who.id)).sort((a, b) => b.seconds - a.seconds).slice(0, 5);
  }, [view.speakers, view.floor, view.slots]);
  if (!people.length) return null;
  const most = Math.max(1, ...people.map((who) => who.seconds));
  return html`<div class="floor" role="group" aria-label=${t("Seconds spoken in the debate")} style=${{ "--n": people.length }}>${people.map((who) => html`<div key=${who.id} title=${n("{name}: {n} question", "{name}: {n} questions", who.questions, { name: who.full })}><span class="label clip">${who.name}</span><b class="num">${lengthText(who.seconds)}</b><i style=${{ "--w": `${(100 * who.seconds) / most}%` }}></i></div>`)}</div>`;
}
