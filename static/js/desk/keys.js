// The keys and the commands: one table for the keys, the help and the palette. Never while somebody types, and never
// with Control, Alt or Command, which belong to the browser and to screen readers.
import { t } from "../i18n.js";
import { online, typing } from "./bits.js";
import { approve, currentId, likeliest, mergeInto, next, queue, question, star, step, suggestNext, fair, toColumn, toggle, undo, air, clearAir, lastDeed } from "./moves.js";
import { act, bulk, closePanel, dialog, filtering, link, panel, search, searching, tab, tick, ticked, column } from "./store.js";
import { flipTheme, startNext } from "./strip.js";

const open = () => { const id = currentId(); return id && question(id) ? id : null; };
const show = (name) => () => { dialog.value = { name }; };
const stateOf = () => (question(currentId()) || {}).state;
const OPEN = ["review", "public", "queued", "live", "answered"];
const isOpen = () => OPEN.includes(stateOf());
const kept = () => open() && stateOf() !== "withdrawn";
/** Keys that say something of all that is ticked ask for it in the line above the list. */
const many = () => ticked.value.size > 0 && column.value === "review";

/** Every command: {key, label, group, run, when?, server?}. Without `key` it is in the palette only. */
export function commands() {
  const view = link.view.value;
  const on = view && (view.timer.phase === "running" || view.timer.phase === "paused");
  return [
    { key: "A", label: t("Approve"), group: t("Question"), when: () => many() || stateOf() === "review", run: () => approve(many() ? null : [currentId()]), server: true },
    { key: "D", label: t("Dismiss, with a reason if you like"), group: t("Question"), when: () => many() || isOpen(), run: () => { if (many()) bulk.value = "dismiss"; else toggle("dismiss", currentId()); }, server: true },
    { key: "E", label: t("Edit"), group: t("Question"), when: kept, run: () => toggle("edit", currentId()), server: true },
    { key: "Q", label: t("Queue"), group: t("Question"), when: () => many() || ["review", "public"].includes(stateOf()), run: () => queue(many() ? null : [currentId()]), server: true },
    { key: "S", label: t("Star"), group: t("Question"), when: kept, run: () => star(currentId()), server: true },
    { key: "L", label: t("Labels"), group: t("Question"), when: () => many() || kept(), run: () => { if (many()) bulk.value = "label"; else toggle("label", currentId()); }, server: true },
    { key: "M", label: t("Merge"), group: t("Question"), when: () => ["review", "public", "queued"].includes(stateOf()), run: () => { const id = currentId(); const like = likeliest(id); return like && column.value === "review" ? mergeInto(id, like) : toggle("merge", id); }, server: true },
    { key: "W", label: t("Answer in writing"), group: t("Question"), when: isOpen, run: () => toggle("answer", currentId()), server: true },
    { key: "X", label: t("Tick"), group: t("Question"), when: () => open() && column.value === "review", run: () => tick(currentId(), !ticked.value.has(currentId())) },
    { key: "O", label: t("Put on air"), group: t("Question"), when: () => ["review", "public", "queued"].includes(stateOf()), run: () => air(currentId()), server: true },
    { key: "N", label: t("Answered, next"), group: t("Debate"), run: next, server: true },
    { key: "B", label: t("Off air"), group: t("Debate"), when: () => view.live, run: clearAir, server: true },
    { key: "Z", label: t("Undo"), group: t("Everywhere"), run: () => undo(), server: true },
    { key: "J", label: t("Next question in this column"), group: t("Everywhere"), run: () => step(1) },
    { key: "K", label: t("Question before it"), group: t("Everywhere"), run: () => step(-1) },
    { key: "/", label: t("Search"), group: t("Everywhere"), run: () => { column.value = "review"; searching.value = true; const field = document.getElementById("desk-search"); if (field) field.focus(); } },
    { key: "1", label: t("To Review"), group: t("Everywhere"), run: () => { tab.value = "review"; toColumn("review"); } },
    { key: "2", label: t("To Public"), group: t("Everywhere"), run: () => { tab.value = "public"; toColumn("review"); } },
    { key: "3", label: t("To the queue"), group: t("Everywhere"), run: () => toColumn("queue") },
    { key: "4", label: t("To Done"), group: t("Everywhere"), run: () => toColumn("done") },
    { key: "?", label: t("All keys"), group: t("Everywhere"), run: show("help") },
    { key: "C", label: t("Commands"), group: t("Everywhere"), run: show("palette") },
    { label: !on && view && view.timer.phase === "before" ? t("Start the webinar") : t("Start next"), group: t("Clock"), run: startNext, server: true },
    { label: t("Back"), group: t("Clock"), when: () => on, run: () => act("timer:previous", {}, { place: "clock" }), server: true },
    { label: view && view.timer.phase === "paused" ? t("Go on") : t("Pause"), group: t("Clock"), when: () => on, run: () => act(view.timer.phase === "paused" ? "timer:resume" : "timer:pause", {}, { place: "clock" }), server: true },
    { label: t("One minute more"), group: t("Clock"), when: () => on, run: () => act("timer:add", { seconds: 60 }, { place: "clock" }), server: true },
    { label: t("One minute less"), group: t("Clock"), when: () => on, run: () => act("timer:add", { seconds: -60 }, { place: "clock" }), server: true },
    { label: t("End webinar"), group: t("Clock"), when: () => on, run: show("end"), server: true },
    { label: t("Fair order"), group: t("Debate"), run: fair, server: true },
    { label: t("Suggest next"), group: t("Debate"), when: () => view.suggest, run: suggestNext, server: true },
    { label: t("Show of hands"), group: t("Debate"), run: show("hands") },
    { label: t("Write a message"), group: t("Speakers"), run: () => { const field = document.getElementById("desk-message"); if (field) field.focus(); } },
    { label: t("Filter and order"), group: t("Everywhere"), run: () => { filtering.value = true; } },
    { label: t("Open the questions"), group: t("Questions"), run: () => act("qa:open", {}, { place: "top" }), server: true },
    { label: t("Close the questions"), group: t("Questions"), run: () => act("qa:close", {}, { place: "top" }), server: true },
    { label: t("Let the agenda open and close the questions"), group: t("Questions"), run: () => act("qa:auto", {}, { place: "top" }), server: true },
    { label: t("Agenda"), group: t("Desk"), run: show("agenda") },
    { label: t("Paste a programme"), group: t("Desk"), run: () => { dialog.value = { name: "agenda", paste: true }; } },
    { label: t("Preflight"), group: t("Desk"), run: show("preflight") },
    { label: t("Links and QR"), group: t("Desk"), run: show("links") },
    { label: t("Settings"), group: t("Desk"), run: show("settings") },
    { label: t("All actions"), group: t("Desk"), run: show("deeds") },
    { label: t("Light or dark"), group: t("Desk"), run: flipTheme },
    { label: t("Report"), group: t("Desk"), run: () => { location.href = `/w/${encodeURIComponent(view.webinar.slug)}/report`; } },
  ];
}

export const possible = (command) => (!command.server || online()) && (!command.when || !!command.when());

/** Listens for keys; returns a function that stops it. */
export function listen() {
  const onKey = (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !link || !link.view.value) return;
    if (event.key === "Escape") {
      if (panel.value) closePanel();
      else if (typing(event.target)) event.target.blur();
      else if (searching.value) { search.value = ""; searching.value = false; }
      return;
    }
    if (typing(event.target) || dialog.value || document.querySelector("dialog[open], .menu-list")) return;
    if (panel.value && event.target.closest && event.target.closest(".panel")) return;
    const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
    const command = commands().find((one) => one.key === key);
    if (!command) return;
    event.preventDefault();
    // A key that is held moves on through the list, but does nothing twice.
    if (event.repeat && key !== "J" && key !== "K") return;
    if (possible(command)) command.run();
  };
  document.addEventListener("keydown", onKey);
  return () => document.removeEventListener("keydown", onKey);
}

