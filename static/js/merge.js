// RFC 7386 merge patches with structural sharing: what a patch does not change keeps its identity, so that drawing
// can compare by reference.

const isObject = value => value !== null && typeof value === 'object' && !Array.isArray(value)

function same(a, b) {
  if (a === b) return true
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false
  return a.every((item, index) => same(item, b[index]) || (isObject(item) && JSON.stringify(item) === JSON.stringify(b[index])))
}

const WATCHED = 'questions' // the one object of many thousand keys: who draws them wants no pass over all of them
const steps = [] // how it changed the last few times: {before, after, keys}

function remember(before, after, keys) {
  if (steps.push({before, after, keys}) > 4) steps.shift()
}

/** Which keys differ at most between two states of the questions, or null when that is not known any more. */
export function changedKeys(before, after) {
  const found = new Set()
  let at = after
  for (let i = steps.length - 1; i >= 0 && at !== before; i -= 1) {
    if (steps[i].after !== at) continue
    for (const key of steps[i].keys) found.add(key)
    at = steps[i].before
  }
  return at === before ? found : null
}

/** The view after `patch`; neither argument is changed. Returns `view` itself when the patch changes nothing. */
export function merge(view, patch) {
  if (!isObject(patch)) return same(view, patch) ? view : patch
  const before = isObject(view) ? view : {}
  let after = before === view ? null : {}
  for (const [key, value] of Object.entries(patch)) {
    if (key === '__proto__') continue // would set the prototype, not a key
    const had = Object.hasOwn(before, key)
    if (value === null) {
      if (had) delete (after ??= {...before})[key]
      continue
    }
    const merged = merge(had ? before[key] : undefined, value)
    if (had && merged === before[key]) continue
    if (had && key === WATCHED && isObject(value)) remember(before[key], merged, Object.keys(value))
    ;(after ??= {...before})[key] = merged
  }
  return after ?? before
}
