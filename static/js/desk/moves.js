// What moderators do to questions. Keys, buttons and the palette all come through here.
import { signal } from "../vendor.js";
import { n, t } from "../i18n.js";
import { typing } from "./bits.js";
import { fairOrder } from "./derive.js";
import { act, column, current, inTurn, link, openPanel, say, select, settled, tab, ticked, touch } from "./store.js";

export function deedList(view) {
  return Object.values(view.deeds || {}).sort((a, b) => b.seq - a.seq);
}

/** The deed that Undo takes back: the latest that can be and has not been. */
export function lastDeed(view) {
  return deedList(view).find((deed) => deed.undoable && !deed.undone && deed.type !== "undo") || null;
}

/** What each list shows at the moment, so that the neighbour of a leaving row is known: list -> ids. */
export const shown = { review: [], public: [], queue: [], done: [] };
/** Moves under way: id -> command type. */
export const busy = signal({});

export const listNow = () => (column.value === "review" ? tab.value : column.value);

/** The question the keys work on: of the column in use; in the queue the one on air when nothing else is chosen. */
export function currentId() {
  const list = listNow();
  const id = current.value[list];
  if (list !== "queue" || (question(id) || {}).state === "queued") return id;
  return link.view.peek().live || id;
}

/** A question as it stands now. Does not make the component that asks be drawn with every patch. */
export function question(id) {
  const view = link.view.peek();
  return view && view.questions[id];
}

function neighbour(list, ids) {
  const all = shown[list] || [];
  const gone = new Set(ids);
  const first = all.findIndex((id) => gone.has(id));
  if (first < 0) return null;
  for (let i = first; i < all.length; i++) if (!gone.has(all[i])) return all[i];
  for (let i = first; i >= 0; i--) if (!gone.has(all[i])) return all[i];
  return null;
}

/** Moves the current row, and the focus if it is in the row that leaves, on to the neighbour. */
function moveOn(list, ids) {
  const next = neighbour(list, ids);
  const active = document.activeElement;
  const row = active && active.closest && active.closest(`[data-list="${list}"][data-id]`);
  const inside = row && ids.includes(row.dataset.id);
  const deed = inside && active.dataset.act;
  if (inside || ids.includes(current.value[list])) select(list, next);
  if (!inside) return;
  requestAnimationFrame(() => {
    const to = next && document.querySelector(`[data-list="${list}"][data-id="${CSS.escape(next)}"]`);
    const target = (to && deed && to.querySelector(`[data-act="${deed}"]:not([disabled])`)) || to || document.querySelector(`[data-column="${list}"]`);
    if (target && !typing(document.activeElement)) target.focus({ preventScroll: true });
  });
}

async function leave(type, ids, payload, list) {
  const one = ids.length === 1;
  const place = one ? ids[0] : "bulk";
  const before = current.value[list];
  moveOn(list, ids);
  busy.value = { ...busy.value, ...Object.fromEntries(ids.map((id) => [id, type])) };
  const ack = await act(type, one ? { question: ids[0], ...payload } : { questions: ids, ...payload }, { place });
  const rest = { ...busy.value };
  for (const id of ids) delete rest[id];
  busy.value = rest;
  if (!ack.ok && before) select(list, before);
  if (!one && ack.ok) ticked.value = new Set();
  return ack;
}

const chosen = (ids) => (ids && ids.length ? ids : ticked.value.size ? [...ticked.value] : currentId() ? [currentId()] : []);

export function approve(ids) {
  const some = chosen(ids).filter((id) => (question(id) || {}).state === "review");
  return some.length ? leave("question:approve", some, {}, "review") : null;
}

export function dismiss(ids, reason) {
  const some = chosen(ids);
  const list = listOf(some[0]);
  return some.length ? leave("question:dismiss", some, reason ? { reason } : {}, list) : null;
}

export function queue(ids) {
  const some = chosen(ids).filter((id) => ["review", "public"].includes((question(id) || {}).state));
  if (!some.length) return null;
  flyFrom(some[0]);
  return leave("question:queue", some, {}, listOf(some[0]));
}

export function unqueue(ids) {
  return leave("question:unqueue", ids, {}, "queue");
}

export function restore(id) {
  const state = (question(id) || {}).state;
  return leave(state === "merged" || (question(id) || {}).merged_into ? "question:unmerge" : "question:restore", [id], {}, "done");
}

export function star(id) {
  const q = question(id);
  if (!q) return null;
  return act(q.starred ? "question:unstar" : "question:star", { question: id }, { place: id });
}

export function air(id) {
  flyFrom(id);
  return leave("question:air", [id], {}, listOf(id));
}

export async function next() {
  await settled();
  const view = link.view.peek();
  if (view.queue.order[0]) touch(view.queue.order[0]);
  if (view.live) touch(view.live);
  return act("question:next", {}, { place: "queue" });
}

export const clearAir = () => act("question:clear", {}, { place: "queue" });

export function listOf(id) {
  const state = (question(id) || {}).state;
  return state === "review" ? "review" : state === "public" ? "public" : state === "queued" || state === "live" ? "queue" : "done";
}

export function move(id, before) {
  return act("question:move", { question: id, before }, { place: id });
}

/** Up or down by one in the queue; at the edge nothing happens. */
export const nudge = (id, by) => inTurn(() => oneStep(id, by));

function oneStep(id, by) {
  const order = link.view.value.queue.order;
  const from = order.indexOf(id);
  const to = from + by;
  if (from < 0 || to < 0 || to >= order.length) return null;
  const before = by < 0 ? order[to] : order[to + 1] || null;
  say(t("Number {n} of {m}", { n: to + 1, m: order.length }));
  return move(id, before);
}

/** Brings the queue into an order, in one deed. */
export async function reorder(target) {
  const order = link.view.value.queue.order;
  if (target.every((id, i) => id === order[i])) {
    say(t("The queue is in that order already."));
    return { ok: true };
  }
  return act("question:order", { questions: target }, { place: "queue" });
}

export const fair = () => reorder(fairOrder(link.view.value, link.view.value.queue.order));

/** Puts the question that a fair floor suggests at the head of the queue. */
export function suggestNext() {
  const view = link.view.value;
  const id = view.suggest;
  if (!id || !view.questions[id]) return null;
  if (view.queue.order.includes(id)) return move(id, view.queue.order[0]);
  return act("question:queue", { question: id }, { place: "queue" }).then((ack) => (ack.ok && view.queue.order.length ? move(id, view.queue.order[0]) : ack));
}

export async function undo(deed) {
  if (!deed) {
    await settled();
    deed = lastDeed(link.view.peek());
    if (!deed) return null;
  }
  const ack = await act("undo", { of: deed.seq }, { place: "last" });
  if (ack.ok) say(t("Undone"));
  return ack;
}

/** J and K: the row after or before the current one, in the column in use. */
export function step(by) {
  const list = listNow();
  const ids = shown[list] || [];
  if (!ids.length) return;
  const at = ids.indexOf(current.value[list]);
  const to = ids[at < 0 ? (by > 0 ? 0 : ids.length - 1) : Math.min(ids.length - 1, Math.max(0, at + by))];
  select(list, to);
  const active = document.activeElement;
  const inRow = active && active.closest && active.closest("[data-list][data-id]");
  requestAnimationFrame(() => {
    document.dispatchEvent(new CustomEvent("desk:bring", { detail: { list, id: to } }));
    if (inRow) requestAnimationFrame(() => {
      const row = document.querySelector(`[data-list="${list}"][data-id="${CSS.escape(to)}"]`);
      if (row && !typing(document.activeElement)) row.focus({ preventScroll: true }); // the next key may have opened a field
    });
  });
}

/** Goes to another column with the keys. */
export function toColumn(name) {
  column.value = name;
  const list = listNow();
  if (!current.value[list] && shown[list].length) select(list, shown[list][0]);
  const row = current.value[list] && document.querySelector(`[data-list="${list}"][data-id="${CSS.escape(current.value[list])}"]`);
  if (row) row.focus();
}

export function toggle(kind, id) {
  const at = id || currentId();
  // What waits for a written answer stands in Done as well as in its own column: it opens where one is.
  if (at && question(at)) openPanel(kind, at, listNow() === "done" ? "done" : listOf(at));
}

export function mergeInto(id, into) {
  return leave("question:merge", [id], { into }, listOf(id));
}

/** The first similar question that a merge could go into: one that is public, queued, on air or answered comes first. */
export function likeliest(id) {
  const q = question(id);
  if (!q || !q.similar) return null;
  const rank = { live: 0, queued: 1, public: 2, answered: 3, review: 4 };
  const open = q.similar.filter((other) => question(other) && rank[question(other).state] !== undefined);
  open.sort((a, b) => rank[question(a).state] - rank[question(b).state] || question(b).votes - question(a).votes || question(a).n - question(b).n);
  return open[0] || null;
}

export function tickedWord(count) {
  return n("{n} ticked", "{n} ticked", count, { n: count });
}

// --- the flight of a question from its row to the queue --------------------------------------------------------------
let flight = null;

function flyFrom(id) {
  const row = document.querySelector(`[data-id="${CSS.escape(id)}"]`);
  flight = row ? { id, rect: row.getBoundingClientRect(), at: performance.now() } : null;
}

/** Called by the queue when a row has been drawn: a question queued a moment ago flies there once. */
export function land(id, row) {
  if (!flight || flight.id !== id || performance.now() - flight.at > 1500) return;
  const from = flight.rect;
  flight = null;
  if (matchMedia("(prefers-reduced-motion: reduce)").matches || !row.animate) return;
  const to = row.getBoundingClientRect();
  if (!to.width || to.top > innerHeight) return;
  row.animate([{ transform: `translate(${from.left - to.left}px, ${from.top - to.top}px)`, opacity: 0.4, zIndex: 3 }, { transform: "none", opacity: 1, zIndex: 3 }], { duration: 320, easing: "cubic-bezier(.2,0,0,1)" });
}
