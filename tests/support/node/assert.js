// node:assert/strict, as much of it as the script tests use.
const show = value => {
  try {
    return JSON.stringify(value, (key, inner) => (inner === undefined ? 'undefined' : inner))?.slice(0, 400) ?? String(value)
  } catch {
    return String(value)
  }
}

export class AssertionError extends Error {
  constructor(message) {
    super(message)
    this.name = 'AssertionError'
  }
}

export const fail = (message = 'failed') => {
  throw message instanceof Error ? message : new AssertionError(message)
}

const check = (holds, message, said) => {
  if (!holds) fail(message instanceof Error ? message : `${message ? `${message}: ` : ''}${said}`)
}

const same = (one, other) => {
  if (Object.is(one, other)) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (Object.getPrototypeOf(one) !== Object.getPrototypeOf(other)) return false
  if (one instanceof Date) return one.getTime() === other.getTime()
  if (one instanceof RegExp) return String(one) === String(other)
  if (one instanceof Map) return same([...one], [...other])
  if (one instanceof Set) return same([...one].sort(), [...other].sort())
  const keys = Object.keys(one)
  return (
    keys.length === Object.keys(other).length && keys.every(key => Object.hasOwn(other, key) && same(one[key], other[key]))
  )
}

const fits = (error, expected) => {
  if (!expected || typeof expected === 'string') return true
  if (expected instanceof RegExp) return expected.test(String(error))
  if (typeof expected === 'function') {
    return expected.prototype !== undefined && error instanceof expected ? true : expected(error) === true
  }
  return Object.entries(expected).every(([key, value]) =>
    value instanceof RegExp ? value.test(String(error[key])) : same(error[key], value),
  )
}

export const ok = (value, message) => check(value, message, `${show(value)} is not true`)
export const equal = (one, other, message) => check(Object.is(one, other), message, `${show(one)} is not ${show(other)}`)
export const notEqual = (one, other, message) => check(!Object.is(one, other), message, `both are ${show(one)}`)
export const deepEqual = (one, other, message) => check(same(one, other), message, `${show(one)} is not ${show(other)}`)
export const notDeepEqual = (one, other, message) => check(!same(one, other), message, `both are ${show(one)}`)
export const match = (text, pattern, message) => check(pattern.test(text), message, `${show(text)} does not match ${pattern}`)
export const doesNotMatch = (text, pattern, message) => check(!pattern.test(text), message, `${show(text)} matches ${pattern}`)

export const throws = (body, expected, message) => {
  let error
  try {
    body()
  } catch (thrown) {
    error = thrown
  }
  check(error !== undefined, message, 'nothing was thrown')
  check(fits(error, expected), message, `${error} is not what was expected`)
}

export const doesNotThrow = body => body()

export const rejects = async (promise, expected, message) => {
  let error
  try {
    await (typeof promise === 'function' ? promise() : promise)
  } catch (thrown) {
    error = thrown
  }
  check(error !== undefined, message, 'nothing was rejected')
  check(fits(error, expected), message, `${error} is not what was expected`)
}

const assert = Object.assign((value, message) => ok(value, message), {
  AssertionError, fail, ok, equal, notEqual, deepEqual, notDeepEqual, match, doesNotMatch, throws, doesNotThrow, rejects,
  strictEqual: equal, notStrictEqual: notEqual, deepStrictEqual: deepEqual, notDeepStrictEqual: notDeepEqual,
})
export const strict = assert
export const strictEqual = equal
export const notStrictEqual = notEqual
export const deepStrictEqual = deepEqual
export const notDeepStrictEqual = notDeepEqual
assert.strict = assert
export default assert
