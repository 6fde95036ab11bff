// Not a test of the product: tests/browser/test_scripts.py sees to it that failures here are noticed.
import assert from 'node:assert/strict'
import {readFileSync} from 'node:fs'
import test, {describe, it, beforeEach} from 'node:test'

test('it holds', () => assert.equal(1, 1))
test('it does not hold', () => assert.equal(0, 1))
describe('a group', () => {
  let count = 0
  beforeEach(() => (count += 1))
  it('it waits', async () => {
    await Promise.resolve()
    assert.equal(count, 1)
  })
  it('it compares deeply', () => assert.deepEqual({a: [1, {b: undefined}]}, {a: [1, {}]}))
})
test('it throws', () => {
  assert.throws(() => JSON.parse('{'), SyntaxError)
  assert.throws(() => assert.equal(1, 2), {name: 'AssertionError'})
})
test('it reads a file', () => assert.match(readFileSync(new URL('./example.js', import.meta.url), 'utf8'), /Not a test/))
