// The tokens: dark by choice and dark by the system's wish are the same, and every pair of colours can be read.
import assert from 'node:assert/strict'
import {readFileSync} from 'node:fs'
import {test} from 'node:test'

const css = readFileSync(new URL('../../static/css/tokens.css', import.meta.url), 'utf-8')
const between = (start, end) => css.slice(css.indexOf(start) + start.length, css.indexOf(end, css.indexOf(start)))
const declarations = block => Object.fromEntries([...block.matchAll(/(--[\w-]+|color-scheme):\s*([^;]+);/g)].map(([, name, value]) => [name, value.trim()]))
const root = declarations(between(':root{', '\n}'))
const chosen = declarations(between('\n[data-theme="dark"]{', '\n}'))
const wished = declarations(between(':root:not([data-theme]){', '\n  }'))

test('dark is the same, chosen or wished for by the system', () => {
  assert.ok(Object.keys(chosen).length > 25)
  assert.deepEqual(wished, chosen)
})

const linear = ([L, C, H]) => {
  const a = C * Math.cos(H * Math.PI / 180), b = C * Math.sin(H * Math.PI / 180)
  const l = (L + .3963377774 * a + .2158037573 * b) ** 3, m = (L - .1055613458 * a - .0638541728 * b) ** 3
  const s = (L - .0894841775 * a - 1.2914855480 * b) ** 3
  return [4.0767416621 * l - 3.3077115913 * m + .2309699292 * s, -1.2684380046 * l + 2.6097574011 * m - .3413193965 * s,
    -.0041960863 * l - .7034186147 * m + 1.7076147010 * s]
}
const luminance = value => {
  const [, inside] = /oklch\(([\d. ]+)\)/.exec(value)
  const [r, g, b] = linear(inside.trim().split(/\s+/).map(Number)).map(part => Math.min(1, Math.max(0, part)))
  return .2126 * r + .7152 * g + .0722 * b
}
const ratio = (one, other) => {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (light + .05) / (dark + .05)
}

const pairs = []
for (const ground of ['ground', 'surface', 'sunken']) {
  for (const text of ['ink', 'ink-2', 'ink-3', 'accent', 'air-text', 'warn-text', 'danger-text', 'over-text']) pairs.push([text, ground, 4.5])
  for (const edge of ['line-strong', 'focus', 'air', 'danger', 'over']) pairs.push([edge, ground, 3])
}
for (const kind of ['air', 'warn', 'danger', 'over']) {
  pairs.push([`on-${kind}`, kind, 4.5], [`${kind}-text`, `${kind}-tint`, 4.5], ['ink', `${kind}-tint`, 7], ['ink-2', `${kind}-tint`, 4.5])
}
pairs.push(['on-ink', 'ink', 7], ['on-accent', 'accent', 4.5], ['ink', 'accent-tint', 7], ['on-over', 'over-flood', 7])

for (const [name, theme] of [['light', root], ['dark', {...root, ...chosen}]]) {
  test(`every pair of colours in use can be read, ${name}`, () => {
    for (const [front, back, least] of pairs) {
      const found = ratio(theme[`--${front}`], theme[`--${back}`])
      assert.ok(found >= least, `${front} on ${back}: ${found.toFixed(2)} < ${least}`)
    }
  })
}
