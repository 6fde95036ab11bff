// node:test, as much of it as the script tests use, for a page: so the same files run in Chromium and in node.
const results = []
const hooks = {beforeEach: [], afterEach: [], before: [], after: []}
let path = []
const queue = []

const parts = args => {
  const name = typeof args[0] === 'string' ? args[0] : ''
  return {name, body: args.find(arg => typeof arg === 'function'), options: args.find(arg => arg && typeof arg === 'object') ?? {}}
}

const runOne = async (name, body, inherited) => {
  const steps = []
  const context = {
    name,
    diagnostic: () => {},
    after: hook => steps.push(hook),
    test: (...args) => {
      const inner = parts(args)
      return runOne(`${name} > ${inner.name}`, inner.body, inherited)
    },
  }
  try {
    for (const hook of inherited.beforeEach) await hook(context)
    await body(context)
    results.push({name, ok: true})
  } catch (error) {
    results.push({name, ok: false, error: String(error?.stack ?? error)})
  } finally {
    for (const hook of [...inherited.afterEach, ...steps.reverse()]) {
      try {
        await hook(context)
      } catch (error) {
        results.push({name: `${name} (after)`, ok: false, error: String(error?.stack ?? error)})
      }
    }
  }
}

export const test = (...args) => {
  const {name, body, options} = parts(args)
  if (options.skip || options.todo || !body) throw new Error(`"${name}" is skipped: remove it, or make it run`)
  const inherited = {beforeEach: [...hooks.beforeEach], afterEach: [...hooks.afterEach]}
  const full = [...path, name].join(' > ')
  queue.push(() => runOne(full, body, inherited))
}

export const describe = (...args) => {
  const {name, body} = parts(args)
  const outside = {path, beforeEach: hooks.beforeEach, afterEach: hooks.afterEach, before: hooks.before, after: hooks.after}
  path = [...path, name]
  Object.assign(hooks, {beforeEach: [...hooks.beforeEach], afterEach: [...hooks.afterEach], before: [], after: []})
  const at = queue.length
  body()
  queue.splice(at, 0, ...hooks.before)
  queue.push(...hooks.after)
  path = outside.path
  Object.assign(hooks, outside)
}

export const it = test
export const suite = describe
export const beforeEach = hook => hooks.beforeEach.push(hook)
export const afterEach = hook => hooks.afterEach.push(hook)
export const before = hook => (path.length ? hooks.before.push(hook) : queue.push(hook))
export const after = hook => hooks.after.push(hook)
test.test = test
test.describe = describe
test.it = test
export default test

/** Import a test file and run what it declares: [{name, ok, error?}]. Called by tests/browser/test_scripts.py. */
export const run = async url => {
  await import(url)
  for (const step of [...queue, ...hooks.after]) await step()
  return results
}
