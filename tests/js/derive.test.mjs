// The desk's columns: what a patch touches is moved, and the whole made anew says the same.

import test from "node:test";
import assert from "node:assert/strict";

import { buckets } from "../../static/js/desk/derive.js";
import { changedKeys, merge } from "../../static/js/merge.js";

const STATES = ["review", "public", "queued", "live", "answered", "dismissed", "merged", "withdrawn"];

function big(count) {
  const questions = {};
  for (let i = 0; i < count; i++) questions[`q${i}`] = { n: i, state: STATES[i % STATES.length], asked_at: i, ...(i % 8 === 4 ? { answered_at: i * 7 } : {}) };
  return { questions, deeds: {} };
}

/** The columns as they are when nothing is known of before. */
function anew(view) {
  buckets({ questions: {}, deeds: {} });
  return buckets({ questions: { ...view.questions }, deeds: view.deeds });
}

let seed = 7;
const random = (below) => (seed = (seed * 48271) % 2147483647) % below;

test("patches of a few questions lead to the same columns as the whole", () => {
  let view = big(600);
  for (let round = 0; round < 200; round++) {
    buckets(view);
    const questions = {};
    for (let i = 0; i < 1 + random(4); i++) {
      const id = `q${random(640)}`;
      const state = STATES[random(STATES.length)];
      questions[id] = random(12) ? { n: Number(id.slice(1)), state, asked_at: Number(id.slice(1)), answered_at: state === "answered" ? random(900) : null } : null;
    }
    const deeds = random(3) ? {} : { [round]: { seq: round, question: `q${random(600)}`, type: "question:dismiss", at: 1000 + round } };
    view = merge(merge(view, { questions }), { deeds });
    assert.deepEqual(buckets(view), anew(view));
    buckets({ ...view });
  }
});

test("a column that a patch does not touch keeps its identity", () => {
  const view = big(600);
  const before = buckets(view);
  const after = buckets(merge(view, { questions: { q1: { votes: 3 }, q0: { state: "public" } } }));
  assert.notEqual(after.public, before.public);
  assert.notEqual(after.review, before.review);
  assert.equal(after.done, before.done);
});

test("which questions changed is known for a few patches", () => {
  const first = big(600);
  const second = merge(first, { questions: { q1: { votes: 3 } } });
  const third = merge(second, { questions: { q2: { votes: 3 }, q9: null } });
  assert.deepEqual(changedKeys(first.questions, third.questions), new Set(["q1", "q2", "q9"]));
  assert.deepEqual(changedKeys(third.questions, third.questions), new Set());
  assert.equal(changedKeys(third.questions, first.questions), null);
  let last = third;
  for (let i = 0; i < 6; i++) last = merge(last, { questions: { q3: { votes: i + 10 } } });
  assert.equal(changedKeys(first.questions, last.questions), null);
});
