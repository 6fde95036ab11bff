// The clock of a webinar on a screen: the view as the server sent it, carried on to any later moment.
// The twin of moderator/domain/timer.py; tests/vectors/timer.json holds the two together. Instants are whole
// milliseconds since the epoch, lengths whole seconds. No tick, no time of day, no zone: displays add those.

const NEAR_MS = 6 * 3_600_000;

/**
 * What each slot was or will be.
 * @param view {slots: {id: slot}, timer, webinar: {ends_at}} as in the contract
 * @param now milliseconds on the server's clock; the clock of a page has fractions of them, which are cut off here
 * @returns {slots: {id: {state, expected_start_at, expected_end_at}}, end_expected_at, over_s, timer}, where `timer` is
 *   the view's with its end_expected_at and over_s as of now
 */
export function project(view, now) {
  return projectList(listed(view), view.timer, view.webinar.ends_at, Math.floor(now));
}

/** Milliseconds left of the running slot, negative in overtime; null before the start and after the end. */
export function remaining(timer, now) {
  if (!onClock(timer)) return null;
  return timer.deadline_at - (timer.phase === "paused" ? timer.paused_at : now);
}

/** How the clock is to look: normal, warning, danger, overtime, paused, before, ended. `slot` gives the thresholds. */
export function timeState(slot, timer, now) {
  const left = remaining(timer, now);
  if (left === null) return timer.phase === "ended" ? "ended" : "before";
  if (timer.phase === "paused") return "paused";
  if (left < 0) return "overtime";
  if (left <= (slot?.danger_s ?? 60) * 1000) return "danger";
  return left <= (slot?.warn_s ?? 120) * 1000 ? "warning" : "normal";
}

/** Seconds that the slot would get if it began now (flex: its share of what is then left); null for an unknown id. */
export function expectedLength(view, at, id) {
  const now = Math.floor(at);
  const slots = listed(view);
  const index = slots.findIndex((slot) => slot.id === id);
  if (index < 0) return null;
  const slot = slots[index];
  if (!slot.flex) return slot.duration_s;
  const out = {};
  const ahead = [{ ...slot, skip: false, fixed: false }, ...slots.slice(index + 1)];
  layOut(out, ahead, 0, now, view.webinar.ends_at);
  return Math.floor((out[id].expected_end_at - now) / 1000);
}

/**
 * The ways to settle an overrun that are open now, at most one of each kind, in the order debate, shave, skip, move:
 * [{how, changes: {id: {duration_s?, min_s?, flex?, skip?}}, lengths: {id: seconds}, end_expected_at, over_s}].
 * What each does stands at its Python twin. `skip`: the slot to leave out, by default the last wrap-up, else break, ahead.
 */
export function settlements(view, at, skip = null) {
  const now = Math.floor(at);
  const slots = listed(view);
  const { timer } = view;
  const ends_at = view.webinar.ends_at;
  if (timer.phase === "ended") return [];
  const before = projectList(slots, timer, ends_at, now);
  const ahead = slots.filter((slot) => isAhead(before.slots[slot.id]));
  const ways = [];
  if (ahead.some((slot) => slot.flex || slot.kind === "debate")) {
    ways.push(["debate", changing(ahead.filter((slot) => slot.kind === "debate" && !slot.flex), { flex: true })]);
  }
  const shaved = shave(ahead, before, ends_at);
  if (Object.keys(shaved).length) ways.push(["shave", shaved]);
  const chosen = toSkip(ahead, skip);
  if (chosen) ways.push(["skip", changing([chosen], { skip: true })]);
  if (ahead.length) ways.push(["move", changing(ahead.filter((slot) => slot.flex), { flex: false })]);
  return ways.map(([how, changes]) => {
    const changed = slots.map((slot) => (changes[slot.id] ? { ...slot, ...changes[slot.id] } : slot));
    const after = projectList(changed, timer, ends_at, now);
    const lengths = {};
    for (const [id, slot] of Object.entries(after.slots)) {
      if (isAhead(slot)) lengths[id] = Math.floor((slot.expected_end_at - slot.expected_start_at) / 1000);
    }
    return { how, changes, lengths, end_expected_at: after.end_expected_at, over_s: after.over_s };
  });
}

// ---- the projection

function listed(view) {
  return Object.entries(view.slots)
    .map(([id, slot]) => ({ ...slot, id }))
    .sort((a, b) => a.order - b.order);
}

const onClock = (timer) => timer.phase === "running" || timer.phase === "paused";
const ran = (slot) => slot.actual_start_at != null;
const isAhead = (slot) => slot.state === "next" || slot.state === "later";
const endOf = (slot) => Math.max(slot.actual_start_at, slot.actual_end_at ?? slot.actual_start_at);
const entry = (state, start, end) => ({ state, expected_start_at: start, expected_end_at: end });

function projectList(slots, timer, ends_at, now) {
  const out = {};
  let end;
  if (timer.phase === "ended") {
    end = endedAt(slots, timer, now);
    for (const slot of slots) {
      out[slot.id] = ran(slot) ? entry("done", slot.actual_start_at, endOf(slot)) : entry("skipped", end, end);
    }
  } else if (!onClock(timer)) {
    const near = slots.length > 0 && Math.abs(now - slots[0].planned_start_at) <= NEAR_MS;
    end = near ? layOut(out, slots, 0, Math.max(slots[0].planned_start_at, now), ends_at) : asPlanned(out, slots, ends_at);
  } else {
    const index = slots.findIndex((slot) => slot.id === timer.slot);
    end = runningEnd(timer, now);
    if (index >= 0) {
      layBehind(out, slots.slice(0, index), timer.started_at);
      out[timer.slot] = entry("now", timer.started_at, end);
    }
    end = layOut(out, slots, index + 1, end, ends_at);
  }
  const over_s = Math.trunc((end - ends_at) / 1000) + 0; // + 0: no negative zero
  return { slots: out, end_expected_at: end, over_s, timer: { ...timer, end_expected_at: end, over_s } };
}

function endedAt(slots, timer, now) {
  const known = timer.ended_at ?? timer.end_expected_at;
  if (known != null) return known;
  const ends = slots.filter(ran).map(endOf);
  return ends.length ? Math.max(...ends) : now;
}

function runningEnd(timer, now) {
  const open = timer.phase === "paused" ? now - timer.paused_at : 0;
  // started_at: after a step back of the clock, or with all its time taken, a slot is empty but never negative.
  return Math.max(now, timer.deadline_at + open, timer.started_at);
}

// The slots before the current one: done as they were, or passed over where they stood.
function layBehind(out, slots, currentAt) {
  let cursor = slots.find(ran)?.actual_start_at ?? currentAt;
  for (const slot of slots) {
    if (ran(slot)) {
      cursor = endOf(slot);
      out[slot.id] = entry("done", slot.actual_start_at, cursor);
    } else {
      out[slot.id] = entry("skipped", cursor, cursor);
    }
  }
}

function asPlanned(out, slots, ends_at) {
  let state = "next";
  for (const slot of slots) {
    const start = slot.planned_start_at;
    if (slot.skip) {
      out[slot.id] = entry("skipped", start, start);
    } else {
      out[slot.id] = entry(state, start, start + slot.duration_s * 1000);
      state = "later";
    }
  }
  return ends_at;
}

// The slots from `first` on, one after the other from `cursor`; returns where the last one ends.
function layOut(out, slots, first, cursor, ends_at) {
  let state = "next";
  for (let index = first; index < slots.length; ) {
    const { stop, headAt, taken, flex } = stretch(slots, index);
    const until = stop < slots.length ? slots[stop].planned_start_at : ends_at;
    const given = flex.length
      ? share(flex.map((slot) => [slot.id, slot.duration_s, least(slot)]), until - Math.max(cursor, headAt) - taken * 1000)
      : null;
    for (; index < stop; index += 1) {
      const slot = slots[index];
      if (slot.skip) {
        out[slot.id] = entry("skipped", cursor, cursor);
        continue;
      }
      const start = slot.fixed ? Math.max(cursor, slot.planned_start_at) : cursor;
      cursor = start + (slot.flex ? given.get(slot.id) : slot.duration_s) * 1000;
      out[slot.id] = entry(state, start, cursor);
      state = "later";
    }
  }
  return cursor;
}

// From `first` to before the next fixed slot: where it stops, its earliest start, the seconds that are not flex, the flex.
function stretch(slots, first) {
  let headAt = null;
  let taken = 0;
  const flex = [];
  let stop = first;
  for (; stop < slots.length; stop += 1) {
    const slot = slots[stop];
    if (slot.skip) continue;
    if (slot.fixed) {
      if (headAt !== null) break;
      headAt = slot.planned_start_at;
    } else {
      headAt ??= 0;
    }
    if (slot.flex) flex.push(slot);
    else taken += slot.duration_s;
  }
  return { stop, headAt: headAt ?? 0, taken, flex };
}

const least = (slot) => slot.min_s ?? Math.max(Math.floor(slot.duration_s / 3), 60);

// Share `poolMs` among parts [id, weight, least seconds] by weight, whole seconds rounded down, none below its least.
// Those with the highest least-to-weight ratio fall below first, and each that does leaves less for the others.
function share(parts, poolMs) {
  if (parts.length === 1) return new Map([[parts[0][0], Math.max(parts[0][2], Math.floor(poolMs / 1000))]]);
  const given = new Map();
  let weight = parts.reduce((sum, part) => sum + part[1], 0);
  const need = ([, own, atLeast]) => (own ? atLeast / own : Number.MAX_VALUE);
  const byNeed = [...parts].sort((a, b) => need(b) - need(a));
  for (const [place, [id, own, atLeast]] of byNeed.entries()) {
    if (own && poolMs >= 0 && portion(poolMs, own, weight) >= atLeast) {
      for (const [rest, its] of byNeed.slice(place)) given.set(rest, portion(poolMs, its, weight));
      break;
    }
    given.set(id, atLeast);
    poolMs -= atLeast * 1000;
    weight -= own;
  }
  return given;
}

// Whole seconds of own / weight of the pool, exact however long the pool is.
function portion(poolMs, own, weight) {
  const product = poolMs * own;
  if (Number.isSafeInteger(product)) return Math.floor(product / (1000 * weight));
  return Number((BigInt(poolMs) * BigInt(own)) / (1000n * BigInt(weight)));
}

// ---- settling an overrun

const changing = (slots, fields) => Object.fromEntries(slots.map((slot) => [slot.id, { ...fields }]));

function toSkip(ahead, asked) {
  if (asked != null) return ahead.find((slot) => slot.id === asked);
  return ahead.findLast((slot) => slot.kind === "wrapup") ?? ahead.findLast((slot) => slot.kind === "break");
}

// Stretch by stretch: what the talks would be if they alone made up for being late there.
function shave(ahead, before, ends_at) {
  const changes = {};
  if (!ahead.length) return changes;
  let cursor = before.slots[ahead[0].id].expected_start_at;
  for (let index = 0; index < ahead.length; ) {
    const { stop, headAt } = stretch(ahead, index);
    const part = ahead.slice(index, stop);
    const until = stop < ahead.length ? ahead[stop].planned_start_at : ends_at;
    cursor = Math.max(cursor, headAt);
    let kept = part.reduce((sum, slot) => sum + slot.duration_s, 0);
    const talks = part.filter((slot) => slot.kind === "talk" && !slot.flex);
    if (talks.length && cursor + kept * 1000 > until) {
      kept -= talks.reduce((sum, slot) => sum + slot.duration_s, 0);
      const parts = talks.map((slot) => [slot.id, slot.duration_s, talkLeast(slot)]);
      const given = share(parts, until - cursor - kept * 1000);
      for (const [id, duration_s, min_s] of parts) {
        kept += given.get(id);
        if (given.get(id) < duration_s) changes[id] = { duration_s: given.get(id), min_s };
      }
    }
    cursor += kept * 1000;
    index = stop;
  }
  return changes;
}

const talkLeast = (slot) => Math.min(slot.duration_s, Math.max(Math.ceil(slot.duration_s / 2), slot.min_s ?? 0));
