// Merge patches (RFC 7386), as the pages apply them.
import assert from 'node:assert/strict'
import {test} from 'node:test'

import {merge} from '../../static/js/merge.js'

// The table of RFC 7386, appendix A: [original, patch, result]
const TABLE = [
  [{a: 'b'}, {a: 'c'}, {a: 'c'}],
  [{a: 'b'}, {b: 'c'}, {a: 'b', b: 'c'}],
  [{a: 'b'}, {a: null}, {}],
  [{a: 'b', b: 'c'}, {a: null}, {b: 'c'}],
  [{a: ['b']}, {a: 'c'}, {a: 'c'}],
  [{a: 'c'}, {a: ['b']}, {a: ['b']}],
  [{a: {b: 'c'}}, {a: {b: 'd', c: null}}, {a: {b: 'd'}}],
  [{a: [{b: 'c'}]}, {a: [1]}, {a: [1]}],
  [['a', 'b'], ['c', 'd'], ['c', 'd']],
  [{a: 'b'}, ['c'], ['c']],
  [{a: 'foo'}, null, null],
  [{a: 'foo'}, 'bar', 'bar'],
  [{e: null}, {a: 1}, {e: null, a: 1}],
  [[1, 2], {a: 'b', c: null}, {a: 'b'}],
  [{}, {a: {bb: {ccc: null}}}, {a: {bb: {}}}],
]

test('it does what the table of the RFC says', () => {
  for (const [original, patch, result] of TABLE) {
    assert.deepEqual(merge(original, patch), result, JSON.stringify([original, patch]))
  }
})

test('it leaves its arguments as they were', () => {
  const view = {a: {b: 1, c: [1]}, d: 2}, patch = {a: {b: null, e: {f: 1}}, d: null}
  const before = JSON.stringify([view, patch])
  merge(view, patch)
  assert.equal(JSON.stringify([view, patch]), before)
})

test('it keeps the identity of what the patch does not change', () => {
  const view = {questions: {q1: {votes: 1, to: ['a']}, q2: {votes: 5}}, slots: {s1: {}}}
  const after = merge(view, {questions: {q1: {votes: 2, to: ['a']}}})
  assert.equal(after.slots, view.slots)
  assert.equal(after.questions.q2, view.questions.q2)
  assert.equal(after.questions.q1.to, view.questions.q1.to)
  assert.equal(after.questions.q1.votes, 2)
})

test('a patch that changes nothing gives back the same view', () => {
  const view = {a: {b: 1}, list: [{c: 1}]}
  assert.equal(merge(view, {}), view)
  assert.equal(merge(view, {a: {b: 1, gone: null}, list: [{c: 1}]}), view)
})

test('a key named __proto__ changes no prototype', () => {
  const after = merge({}, JSON.parse('{"__proto__": {"bad": 1}, "a": 1}'))
  assert.equal(after.bad, undefined)
  assert.equal(after.a, 1)
})
