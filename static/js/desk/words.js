// The desk's words for things that have a name in the view: kinds, states, sources, deeds, languages.
import { t } from "../i18n.js";
import { clockText } from "../format.js";
import { firstName } from "./derive.js";
import { link, ownCount, ownSeqs, remembered } from "./store.js";

export function kindWord(kind) {
  return { welcome: t("Welcome"), intro: t("Introduction"), talk: t("Talk"), debate: t("Debate"), break: t("Break"), wrapup: t("Wrap up") }[kind] || kind;
}

export function stateWord(state) {
  return {
    review: t("in review"), public: t("public"), queued: t("in the queue"), live: t("on air"), answered: t("answered"),
    dismissed: t("dismissed"), merged: t("merged"), withdrawn: t("withdrawn"),
  }[state] || state;
}

export function sourceWord(source) {
  return { chat: t("from the chat"), phone: t("by phone"), room: t("from the room") }[source] || source;
}

let names = null;
export function languageName(code) {
  try {
    names = names || new Intl.DisplayNames([document.documentElement.lang || "en"], { type: "language" });
    return names.of(code) || code;
  } catch {
    return code;
  }
}

/** The key under which this page is listed among the moderators: the short name of its connection. */
export function meKey() {
  const id = link && link.id && link.id();
  return id ? id.slice(0, 8) : null;
}

export function myName() {
  return remembered("name", "");
}

/** Whether a deed is this page's: it got the answer to it, or, after a reload, the name is ours. */
export function isMine(deed) {
  if (ownCount.value >= 0 && ownSeqs.has(deed.seq)) return true;
  return !!deed.by && deed.by === myName();
}

const clip = (text, most = 64) => (text && text.length > most ? `${text.slice(0, most).replace(/\s+\S*$/, "")}…` : text || "");

/** The sentence for a deed: “You approved …” or “Marta approved …”. */
export function deedText(view, deed, most) {
  const q = deed.question && view.questions[deed.question];
  const slot = deed.slot && view.slots[deed.slot];
  const many = deed.count > 1;
  const p = { name: deed.by ? firstName(deed.by) || deed.by : t("Another moderator"), text: clip(deed.text || (q && q.text) || (slot && slot.title) || "", most), n: deed.count || 1 };
  const me = isMine(deed);
  const pick = (mine, theirs) => t(me ? mine : theirs, p);
  switch (deed.type) {
    case "question:approve": return many ? pick("You approved {n} questions", "{name} approved {n} questions") : pick("You approved “{text}”", "{name} approved “{text}”");
    case "question:dismiss": return many ? pick("You dismissed {n} questions", "{name} dismissed {n} questions") : pick("You dismissed “{text}”", "{name} dismissed “{text}”");
    case "question:restore": return pick("You restored “{text}”", "{name} restored “{text}”");
    case "question:queue": return many ? pick("You queued {n} questions", "{name} queued {n} questions") : pick("You queued “{text}”", "{name} queued “{text}”");
    case "question:unqueue": return pick("You took “{text}” out of the queue", "{name} took “{text}” out of the queue");
    case "question:answer": return pick("You marked “{text}” as answered", "{name} marked “{text}” as answered");
    case "question:air": return pick("You put on air “{text}”", "{name} put on air “{text}”");
    case "question:next": return p.text ? pick("You went on: “{text}”", "{name} went on: “{text}”") : pick("You went on to the next question", "{name} went on to the next question");
    case "question:clear": return pick("You took “{text}” off air", "{name} took “{text}” off air");
    case "question:edit": return pick("You edited “{text}”", "{name} edited “{text}”");
    case "question:star": case "question:unstar": return pick("You changed the star of “{text}”", "{name} changed the star of “{text}”");
    case "question:label": return many ? pick("You labelled {n} questions", "{name} labelled {n} questions") : pick("You labelled “{text}”", "{name} labelled “{text}”");
    case "question:merge": return pick("You merged “{text}”", "{name} merged “{text}”");
    case "question:unmerge": return pick("You unmerged “{text}”", "{name} unmerged “{text}”");
    case "question:move": return pick("You moved “{text}” in the queue", "{name} moved “{text}” in the queue");
    case "question:order": return pick("You put the queue in order", "{name} put the queue in order");
    case "question:address": return pick("You changed for whom “{text}” is", "{name} changed for whom “{text}” is");
    case "question:budget": return pick("You changed the time for “{text}”", "{name} changed the time for “{text}”");
    case "question:trim": return pick("You trimmed the time for each question", "{name} trimmed the time for each question");
    case "question:ask": return pick("You entered “{text}”", "{name} entered “{text}”");
    case "question:call": return pick("You called up who asked “{text}”", "{name} called up who asked “{text}”");
    case "question:uncall": return pick("You took the call back", "{name} took the call back");
    case "timer:start": return pick("You started “{text}”", "{name} started “{text}”");
    case "timer:next": return p.text ? pick("You started “{text}”", "{name} started “{text}”") : pick("You started the next slot", "{name} started the next slot");
    case "timer:previous": return p.text ? pick("You went back to “{text}”", "{name} went back to “{text}”") : pick("You went back", "{name} went back");
    case "timer:pause": return pick("You paused the clock", "{name} paused the clock");
    case "timer:resume": return pick("You let the clock go on", "{name} let the clock go on");
    case "timer:add": return pick("You changed the time left", "{name} changed the time left");
    case "timer:end": return pick("You ended the webinar", "{name} ended the webinar");
    case "agenda:settle": return pick("You settled who gives the time", "{name} settled who gives the time");
    case "agenda:borrow": return pick("You borrowed time for the debate", "{name} borrowed time for the debate");
    case "agenda:replace": return pick("You replaced the programme", "{name} replaced the programme");
    case "agenda:edit": return pick("You changed “{text}” in the agenda", "{name} changed “{text}” in the agenda");
    case "agenda:add": return pick("You added “{text}” to the agenda", "{name} added “{text}” to the agenda");
    case "agenda:move": return pick("You moved “{text}” in the agenda", "{name} moved “{text}” in the agenda");
    case "agenda:remove": return pick("You removed a slot from the agenda", "{name} removed a slot from the agenda");
    case "qa:open": return pick("You opened the questions", "{name} opened the questions");
    case "qa:close": return pick("You closed the questions", "{name} closed the questions");
    case "qa:auto": return pick("You let the agenda open and close the questions", "{name} let the agenda open and close the questions");
    case "settings:change": return pick("You changed the settings", "{name} changed the settings");
    case "message:send": return pick("You sent “{text}”", "{name} sent “{text}”");
    case "message:clear": return pick("You cleared the message", "{name} cleared the message");
    case "hands:ask": return pick("You asked for a show of hands", "{name} asked for a show of hands");
    case "hands:close": return pick("You closed the show of hands", "{name} closed the show of hands");
    case "undo": return pick("You took back the last action", "{name} took back the last action");
    default: return p.text ? `${deed.type}: “${p.text}”` : deed.type;
  }
}

/** “2 minutes 5 seconds ago” in the short form of the desk. */
export function ago(ms) {
  return clockText(Math.max(0, Math.round(ms / 1000)));
}

export function listWords(words) {
  try {
    return new Intl.ListFormat(document.documentElement.lang || "en", { type: "conjunction" }).format(words);
  } catch {
    return words.join(", ");
  }
}
