// What the stage pages show, worked out from a view and a moment.

import test from "node:test";
import assert from "node:assert/strict";

import { around, bars, clock, messageFor, onAir, questionsFor, standing, upNext, urgency, writing } from "../../static/js/stage/facts.js";

const D = Date.UTC(2020, 6, 7, 6, 30);
const min = (minutes) => D + minutes * 60_000;

function view(change = {}) {
  const slot = (order, kind, speakers, start, length, more) => ({
    order, kind, speakers, title: kind + order, planned_start_at: min(start), duration_s: length * 60, flex: kind === "debate", skip: false,
    warn_s: 120, danger_s: 60, ...more,
  });
  return {
    webinar: { slug: "w", starts_at: D, ends_at: min(40), timezone: "Europe/Brussels" },
    speakers: { a: { name: "Ada" }, b: { name: "Bo" }, m: { name: "Mo" } },
    slots: { s1: slot(0, "welcome", ["m"], 0, 5), s2: slot(1, "talk", ["a"], 5, 10), s3: slot(2, "talk", ["b"], 15, 10), s4: slot(3, "debate", ["m"], 25, 10), s5: slot(4, "wrapup", ["m"], 35, 5) },
    timer: { phase: "before" },
    questions: {},
    queue: { order: [], fits: 0, each_s: 150 },
    ...change,
  };
}

function running(id, from, length = 600, more = {}) {
  const made = view(more);
  const order = made.slots[id].order;
  let at = D;
  for (const slot of Object.values(made.slots).sort((x, y) => x.order - y.order)) {
    if (slot.order >= order) break;
    slot.actual_start_at = at;
    slot.actual_end_at = at = at + slot.duration_s * 1000;
  }
  made.slots[id].actual_start_at = from;
  made.timer = { phase: "running", slot: id, started_at: from, deadline_at: from + length * 1000, duration_s: length, added_s: 0 };
  return made;
}

test("before the start a speaker is told of the own slot", () => {
  const here = standing(view(), min(-5), "s3");
  assert.equal(here.mode, "before");
  assert.equal(here.mine.id, "s3");
  assert.equal(here.next.id, "s1");
});

test("the one who speaks has the stage, the next one waits, the one before is done", () => {
  const now = running("s2", min(5));
  assert.equal(standing(now, min(6), "s2").mode, "mine");
  assert.equal(standing(now, min(6), "s3").mode, "wait");
  assert.equal(standing(now, min(6), "s3").next.id, "s3");
  const later = running("s3", min(15));
  assert.equal(standing(later, min(16), "s2").mode, "after");
});

test("who speaks again later is told so, by whichever link", () => {
  const here = standing(running("s2", min(5)), min(6), "s1");
  assert.equal(here.mode, "after");
  assert.equal(here.mine.id, "s4");
  assert.equal(standing(running("s5", min(35), 300), min(36), "s1").mode, "mine");
});

test("in the debate everybody is on stage, and a monitor without a slot goes with what runs", () => {
  const debate = running("s4", min(25));
  assert.equal(standing(debate, min(26), "s2").mode, "debate");
  assert.equal(standing(running("s2", min(5)), min(6)).mode, "mine");
  assert.equal(standing({ ...debate, timer: { phase: "ended", ended_at: min(30) } }, min(31), "s2").mode, "ended");
});

test("a slot that was passed over says so", () => {
  const now = running("s3", min(15));
  delete now.slots.s2.actual_start_at;
  delete now.slots.s2.actual_end_at;
  assert.equal(standing(now, min(16), "s2").mode, "skipped");
});

test("the clock stands while paused and is negative in overtime", () => {
  const now = running("s2", min(5));
  assert.deepEqual(clock(now, min(6)), { left_s: 540, state: "normal" });
  assert.deepEqual(clock(now, min(15) + 5000), { left_s: -5, state: "overtime" });
  now.timer = { ...now.timer, phase: "paused", paused_at: min(6) };
  assert.deepEqual(clock(now, min(30)), { left_s: 540, state: "paused" });
});

test("urgency has four steps, each with its edge", () => {
  assert.deepEqual([121, 120, 60.5, 60, 0, -0.5].map((left) => urgency(left)), ["normal", "warning", "warning", "danger", "danger", "overtime"]);
});

test("the question on air has its own clock: its budget, else the usual one", () => {
  const now = running("s4", min(25), 600, { live: "q1", live_since: min(26), questions: { q1: { text: "?", n: 1, to: [] } } });
  assert.equal(onAir(now, min(27)).left_s, 90);
  now.questions.q1.budget_s = 60;
  assert.equal(onAir(now, min(28)).left_s, -60);
  assert.equal(onAir(now, min(28)).state, "overtime");
  assert.equal(onAir({ ...now, live: undefined }, min(28)), null);
});

test("what comes next is the head of the queue", () => {
  assert.equal(upNext(view({ queue: { order: ["q2", "q1"] }, questions: { q1: {}, q2: { text: "b" } } })).id, "q2");
  assert.equal(upNext(view()), null);
});

test("a message is shown to whom it is for until they have seen it", () => {
  const sent = (to, seen = {}) => view({ message: { id: "m1", to, text: "Slower", level: "info", sent_at: D, seen } });
  assert.ok(messageFor(sent("speakers"), "s2"));
  assert.ok(messageFor(sent("all"), "s2"));
  assert.ok(messageFor(sent("s2"), "s2"));
  assert.equal(messageFor(sent("s3"), "s2"), null);
  assert.equal(messageFor(sent("speakers", { s2: D }), "s2"), null);
  assert.ok(messageFor(sent("speakers", { s3: D }), "s2"));
  assert.equal(messageFor(sent("speakers"), "s2", { m1: true }), null);
});

test("a speaker's questions come best first, with those to nobody in particular apart", () => {
  const question = (n, votes, to, state = "public", more = {}) => ({ n, votes, to, state, text: `q${n}`, ...more });
  const found = questionsFor(view({ questions: {
    q1: question(1, 2, ["a"]), q2: question(2, 9, ["a", "b"], "queued"), q3: question(3, 2, ["a"]), q4: question(4, 5, []),
    q5: question(5, 9, ["b"]), q6: question(6, 9, ["a"], "answered"), q7: question(7, 1, ["a"], "answered", { answer: "Yes." }),
  } }), "s2");
  assert.deepEqual(found.mine.map((one) => one.id), ["q2", "q1", "q3", "q7"]);
  assert.deepEqual(found.all.map((one) => one.id), ["q4"]);
});

test("answers are written once no debate is to come, and after the end", () => {
  const late = (current, more) => {
    const now = running(current, 25, 600, more);
    return writing(now, standing(now, min(30), "s2").list);
  };
  assert.equal(late("s3"), false);
  assert.equal(late("s4"), false);
  assert.equal(late("s4", { qa: { state: "closed", reason: "by_moderator" } }), false);
  assert.equal(late("s3", { qa: { state: "closed", reason: "wrapup" } }), true);
  assert.equal(writing(view({ timer: { phase: "ended" } }), []), true);
  const over = [{ kind: "debate", state: "done" }, { kind: "wrapup", state: "now" }];
  assert.equal(writing(view(), over), true);
  assert.equal(writing(view(), [...over, { kind: "debate", state: "later" }]), false);
  assert.equal(writing(view(), [{ kind: "debate", state: "skipped" }]), false);
});

test("a long agenda is shown around what runs, and says how much is left out", () => {
  const list = Array.from({ length: 30 }, (_, index) => ({ id: `s${index}` }));
  for (const current of [0, 1, 12, 28, 29]) {
    const { rows, before, after } = around(list, `s${current}`, 7);
    assert.equal(rows.length, 7);
    assert.equal(before + 7 + after, 30);
    assert.ok(rows.some((slot) => slot.id === `s${current}`));
  }
  assert.equal(around(list, "s3", Infinity).rows.length, 30);
});

test("bars of a show of hands are shares of all answers", () => {
  assert.deepEqual(bars({ answers: ["a", "b"], counts: [1, 3] }).bars.map((bar) => bar.share), [0.25, 0.75]);
  assert.deepEqual(bars({ answers: ["a", "b"], counts: [] }), { total: 0, bars: [{ text: "a", count: 0, share: 0 }, { text: "b", count: 0, share: 0 }] });
});
