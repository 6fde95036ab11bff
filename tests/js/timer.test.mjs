// The clock on a screen, against the vectors that it shares with tests/domain/test_timer.py.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { expectedLength, project, remaining, settlements, timeState } from "../../static/js/timer.js";

const vectors = JSON.parse(readFileSync(new URL("../vectors/timer.json", import.meta.url), "utf-8"));

function instant(text) {
  if (text.includes("T")) return Date.parse(text);
  const whole = text.split(":").length === 3 ? text : `${text}:00`;
  return Date.parse(`${vectors.day}T${whole}${vectors.offset}`);
}

function instants(fields) {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, key.endsWith("_at") ? instant(value) : value]));
}

function viewOf(case_) {
  const agenda = vectors.agendas[case_.agenda];
  const slots = {};
  agenda.slots.forEach(({ id, ...base }, order) => {
    const [start, end] = case_.ran?.[id] ?? [];
    slots[id] = { order, flex: false, skip: false, ...instants({ ...base, ...case_.slots?.[id] }) };
    if (start) Object.assign(slots[id], { actual_start_at: instant(start), actual_end_at: instant(end) });
  });
  const timer = { added_s: 0, ...instants(case_.timer) };
  if (timer.slot) {
    slots[timer.slot].actual_start_at = timer.started_at;
    delete slots[timer.slot].actual_end_at;
  }
  return { webinar: { ends_at: instant(case_.ends_at ?? agenda.ends_at) }, slots, timer };
}

for (const case_ of vectors.cases) {
  test(case_.name, () => {
    const { expect } = case_;
    const view = viewOf(case_);
    const untouched = structuredClone(view);
    const now = instant(case_.now);
    const got = project(view, now);
    for (const [id, [state, start, end]] of Object.entries(expect.slots ?? {})) {
      assert.deepEqual(got.slots[id], { state, expected_start_at: instant(start), expected_end_at: instant(end) }, id);
    }
    if ("end_expected_at" in expect) assert.equal(got.end_expected_at, instant(expect.end_expected_at));
    if ("over_s" in expect) assert.equal(got.over_s, expect.over_s);
    assert.deepEqual(got.timer, { ...view.timer, end_expected_at: got.end_expected_at, over_s: got.over_s });
    if ("remaining_ms" in expect) assert.equal(remaining(view.timer, now), expect.remaining_ms);
    if ("time_state" in expect) assert.equal(timeState(view.slots[view.timer.slot], view.timer, now), expect.time_state);
    for (const [id, length] of Object.entries(expect.expected_length_s ?? {})) {
      assert.equal(expectedLength(view, now, id), length, id);
    }
    const ways = Object.fromEntries(settlements(view, now, case_.skip).map((way) => [way.how, way]));
    for (const [how, wanted] of Object.entries(expect.settlements ?? {})) {
      assert.equal(how in ways, wanted !== null, how);
      for (const [field, value] of Object.entries(wanted ?? {})) {
        assert.deepEqual(ways[how][field], field === "end_expected_at" ? instant(value) : value, `${how} ${field}`);
      }
    }
    assert.deepEqual(view, untouched, "the view is read, never changed");
  });
}

test("a page's clock has fractions of a millisecond, and they change nothing", () => {
  for (const case_ of vectors.cases) {
    const view = viewOf(case_);
    const now = instant(case_.now);
    assert.deepEqual(project(view, now + 0.3498), project(view, now), case_.name);
    assert.deepEqual(settlements(view, now + 0.3498, case_.skip), settlements(view, now, case_.skip), case_.name);
    for (const id in view.slots) assert.equal(expectedLength(view, now + 0.3498, id), expectedLength(view, now, id), case_.name);
  }
});

test("slots are taken by their order, not as the object lists them", () => {
  const view = viewOf(vectors.cases[0]);
  const turned = { ...view, slots: Object.fromEntries(Object.entries(view.slots).reverse()) };
  const now = instant(vectors.cases[0].now);
  assert.deepEqual(project(turned, now), project(view, now));
});

test("sharing a long stretch stays exact", () => {
  const slot = (order, duration_s) => ({ order, kind: "debate", planned_start_at: 0, duration_s, flex: true, skip: false });
  // Centuries, as a wrong year in a plan gives: the product is beyond 2 ** 53, where doubles are one second too long.
  const pool = 17_280_149_099_401;
  const timer = { phase: "running", slot: "gone", started_at: 0, deadline_at: 0, duration_s: 0, added_s: 0 };
  const view = { webinar: { ends_at: pool }, slots: { x: slot(0, 86_399), y: slot(1, 86_398) }, timer };
  assert.equal(project(view, 0).slots.x.expected_end_at, 8_640_124_550_000);
});

test("an agenda without slots ends as planned", () => {
  const got = project({ webinar: { ends_at: 5000 }, slots: {}, timer: { phase: "before" } }, 0);
  assert.deepEqual([got.slots, got.end_expected_at, got.over_s], [{}, 5000, 0]);
});

test("no over_s is a negative zero, and an unknown slot has no length", () => {
  const view = viewOf(vectors.cases[0]);
  view.webinar.ends_at += 500;
  assert.ok(Object.is(project({ ...view, slots: { ...view.slots, debate: { ...view.slots.debate, flex: false } } }, instant("08:50")).over_s, 0));
  assert.equal(expectedLength(view, 0, "nobody"), null);
});
