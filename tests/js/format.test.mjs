// Figures as people read them.
import assert from 'node:assert/strict'
import {test} from 'node:test'

import {clockText, lengthText, minutesText, signedText, timeOfDay} from '../../static/js/format.js'

test('a countdown shows 0:00 exactly at the deadline and a full second of overtime a second later', () => {
  const shown = [[392, '6:32'], [391.001, '6:32'], [391, '6:31'], [0.4, '0:01'], [0, '0:00'], [-0.9, '0:00'], [-1, '+0:01'], [-68, '+1:08']]
  for (const [seconds, text] of shown) assert.equal(clockText(seconds), text, String(seconds))
})

test('an hour and more has hours', () => {
  assert.equal(clockText(3600), '1:00:00')
  assert.equal(clockText(3723), '1:02:03')
  assert.equal(clockText(-90_061), '+25:01:01')
})

test('lengths and differences', () => {
  assert.equal(lengthText(150), '2:30')
  assert.equal(signedText(240), '+4:00')
  assert.equal(signedText(-90), '\u22121:30')
  assert.equal(signedText(0), '0:00')
  assert.equal(minutesText(600), '10 min')
  assert.equal(minutesText(45), '45 s')
})

test('times of day are those of the webinar, whatever the phone is set to', () => {
  const at = Date.parse('2020-07-07T06:50:00Z')
  assert.equal(timeOfDay(at, 'Europe/Brussels'), '08:50')
  assert.equal(timeOfDay(at, 'America/New_York'), '02:50')
  assert.equal(timeOfDay(Date.parse('2020-07-06T22:00:00Z'), 'Europe/Brussels'), '00:00')
})
