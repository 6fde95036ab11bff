// What the browser keeps between visits. A phone in private mode may refuse: then it is kept for this page only.

const memory = new Map()

function store() {
  try {
    return window.localStorage
  } catch {
    return null
  }
}

/** The stored value of `key` (JSON), or `otherwise`. */
export function load(key, otherwise = null) {
  try {
    const text = store()?.getItem(key)
    if (text != null) return JSON.parse(text)
  } catch { /* unreadable: as if absent */ }
  return memory.has(key) ? memory.get(key) : otherwise
}

/** Stores `value` (JSON); null or undefined removes it. Returns false when it will not outlive this page. */
export function save(key, value) {
  if (value == null) {
    memory.delete(key)
  } else {
    memory.set(key, value)
  }
  try {
    if (value == null) store()?.removeItem(key)
    else store().setItem(key, JSON.stringify(value))
    return true
  } catch {
    return false
  }
}

/** Calls back with the new value when another tab changes `key`. Returns a function that stops it. */
export function onStored(key, callback) {
  const listener = event => {
    if (event.key === key) callback(load(key))
  }
  window.addEventListener('storage', listener)
  return () => window.removeEventListener('storage', listener)
}
