// The hour's ribbon: which parts it has, and how long each is.
import assert from 'node:assert/strict'
import {test} from 'node:test'

globalThis.document ??= {addEventListener() {}, documentElement: {dataset: {}, lang: 'en'}}
const {hourParts} = await import('../../static/js/ui.js')

const MINUTE = 60_000
const start = Date.parse('2020-07-07T06:30:00Z')
const slot = (order, minutes, at, more) => ({
  order, kind: 'talk', duration_s: minutes * 60, planned_start_at: start + at * MINUTE, flex: false, skip: false, speakers: [], ...more,
})

/** Two talks of ten minutes, a debate of 15 that gives, a wrap-up of 5; the first talk runs. */
const view = (timer = {}) => ({
  webinar: {ends_at: start + 40 * MINUTE},
  slots: {
    a: slot(0, 10, 0, {actual_start_at: start}), b: slot(1, 10, 10), c: slot(2, 15, 20, {kind: 'debate', flex: true}), d: slot(3, 5, 35),
  },
  timer: {phase: 'running', slot: 'a', started_at: start, deadline_at: start + 10 * MINUTE, duration_s: 600, added_s: 0, ...timer},
})
const shape = parts => parts.map(({id, kind, minutes}) => `${id} ${kind} ${Math.round(minutes * 100) / 100}`)

test('the running slot fills, the flex slot is marked', () => {
  const parts = hourParts(view(), start + 4 * MINUTE)
  assert.deepEqual(shape(parts), ['a now 10', 'b later 10', 'c flex 15', 'd later 5'])
  assert.equal(parts[0].done, 0.4)
})

test('overtime is a part of its own, and the debate gives it', () => {
  const parts = hourParts(view(), start + 13 * MINUTE)
  assert.deepEqual(shape(parts), ['a now 10', 'a over 3', 'b later 10', 'c flex 12', 'd later 5'])
  assert.equal(parts[0].done, 1)
})

test('what the debate lost can be shown', () => {
  const parts = hourParts(view(), start + 13 * MINUTE, {lost: true})
  assert.deepEqual(shape(parts).slice(3, 5), ['c flex 12', 'c lost 3'])
})

test('a paused slot stands where it was', () => {
  const parts = hourParts(view({phase: 'paused', paused_at: start + 5 * MINUTE}), start + 9 * MINUTE)
  assert.equal(parts[0].done, 0.5)
})

test('a slot that is left out has no part', () => {
  const before = view()
  before.slots.d.skip = true
  assert.deepEqual(shape(hourParts(before, start)).map(part => part[0]), ['a', 'b', 'c'])
})
