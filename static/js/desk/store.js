// The desk's own state: what is selected, ticked, typed and refused. What everybody shares is in the view.
import { signal } from "../vendor.js";
import { t } from "../i18n.js";
import { announce } from "../ui.js";
import { NO_FILTER } from "./derive.js";

/** The connection, set once by the page (a fake one in trials). */
export let link = null;
export function use(connection) {
  link = connection;
}

export const column = signal("review"); // which column the keys work on: review, queue or done
export const tab = signal("review"); // the first column shows review or public
export const current = signal({ review: null, public: null, queue: null, done: null });
export const ticked = signal(new Set());
export const bulk = signal(null); // "label" or "dismiss": what is being said of all that is ticked
export const search = signal("");
export const searching = signal(false);
export const filter = signal(NO_FILTER);
export const filtering = signal(false);
export const order = signal(remembered("order", "oldest"));
export const doneAll = signal(false);
export const panel = signal(null); // {kind: "edit"|"dismiss"|…, id, place}: what stands over a row
export const dialog = signal(null); // {name, …}: the open dialog
export const refusals = signal({}); // place -> {message, code, question?, at}
export const phoneTab = signal("review");
export const mine = new Set(); // ids of questions that this page's own moves have touched lately

export const ownCount = signal(0);
export const ownSeqs = new Set(sessioned()); // commits that answered this page's commands: what “You” did

function sessioned() {
  try {
    return JSON.parse(sessionStorage.getItem("desk.seqs") || "[]");
  } catch {
    return [];
  }
}

function own(seq) {
  if (!Number.isInteger(seq)) return;
  ownSeqs.add(seq);
  ownCount.value += 1; // the patch may have come before the answer: “Another moderator” becomes “You”
  try {
    sessionStorage.setItem("desk.seqs", JSON.stringify([...ownSeqs].slice(-40)));
  } catch {
    // Then it is known for as long as the page.
  }
}

export function remembered(key, fallback) {
  try {
    return localStorage.getItem(`desk.${key}`) || fallback;
  } catch {
    return fallback;
  }
}

export function remember(key, value) {
  try {
    localStorage.setItem(`desk.${key}`, value);
  } catch {
    // Private windows may refuse; the choice then lasts as long as the page.
  }
}

export function select(list, id) {
  if (current.value[list] !== id) current.value = { ...current.value, [list]: id };
  column.value = list === "public" ? "review" : list;
}

export function tick(id, on) {
  const next = new Set(ticked.value);
  if (on) next.add(id);
  else next.delete(id);
  ticked.value = next;
}

export const say = announce;

/** The sentence for a refused command: the server's own, or ours where it has none. */
export function refusalText(error) {
  if (!error) return t("Not saved. Try again.");
  if (error.code === "rate_limited") return t("Too many at once. Try again in {n} seconds.", { n: error.retry_after_s || 5 });
  if (error.code === "not_found" && !error.message) return t("This question has moved on meanwhile.");
  if (error.code === "unavailable") return t("Not saved. Try again.");
  return error.message || t("Not saved. Try again.");
}

export function clearRefusal(place) {
  if (!refusals.value[place]) return;
  const { [place]: _, ...rest } = refusals.value;
  refusals.value = rest;
}

export function refuse(place, error, extra) {
  refusals.value = { ...refusals.value, [place]: { ...extra, error: error || {}, message: refusalText(error), at: Date.now() } };
  say(refusalText(error));
}

/**
 * Sends a command. A refusal is said at `place` (where the deed was done) and stays until the next try there.
 * Returns the ack; never throws.
 */
export async function act(type, payload = {}, { place = "last", quiet = false, retry = null } = {}) {
  clearRefusal(place);
  for (const id of [payload.question, ...(payload.questions || [])]) if (id) touch(id);
  let ack;
  try {
    const sending = link.send(type, payload) /* repeated with the same id until it is answered, also across a lost connection */;
    flying.add(sending);
    ack = await sending.finally(() => flying.delete(sending));
    if (ack && ack.seq > answered) answered = ack.seq;
  } catch (failure) {
    ack = { ok: false, error: { code: "unavailable", message: failure && failure.message } };
  }
  if (ack && ack.ok) own(ack.seq);
  if (!ack || !ack.ok) {
    if (!quiet) refuse(place, ack && ack.error, { type, payload, retry });
  } else if (ack.refused && Object.keys(ack.refused).length && !quiet) {
    const [, first] = Object.entries(ack.refused)[0];
    refuse(place, { ...first, message: t("{n} could not: {why}", { n: Object.keys(ack.refused).length, why: first.message || first.code }) }, { type, payload });
  }
  return ack || { ok: false, error: { code: "unavailable" } };
}

const touches = new Map();

/** Remembers that this page moves a question, so that its row leaves at once and is not held as a ghost. */
export function touch(id) {
  mine.add(id);
  clearTimeout(touches.get(id));
  touches.set(id, setTimeout(() => {
    mine.delete(id);
    touches.delete(id);
  }, 5000));
}

const flying = new Set(); // commands that have no answer yet
let answered = 0; // the latest commit that answered one

/** When what this page has sent is answered and seen: a key pressed right after another acts on what that one did. */
export async function settled() {
  await Promise.allSettled([...flying]);
  for (let i = 0; i < 25 && link.seq() < answered; i++) await new Promise((done) => setTimeout(done, 20));
}

let turn = Promise.resolve();

/** One deed after the other, each upon what the one before has led to: an arrow key that is held, or pressed quickly. */
export function inTurn(deed) {
  turn = turn.then(settled).then(deed).catch(() => null);
  return turn;
}

export function openPanel(kind, id, place, extra) {
  panel.value = { kind, id, place, ...extra };
}

export function closePanel() {
  panel.value = null;
}
