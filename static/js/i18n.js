// Words in the page's language. English is the source; the gettext catalogue of another language comes as JSON from
// /i18n/<lang>.json: {"lang", "plural": "nplurals=2; plural=(n != 1);", "messages": {msgid: text | [forms]}}.

let messages = {}
let form = n => (n === 1 ? 0 : 1)
export let lang = document.documentElement.dataset.lang || document.documentElement.lang || 'en'

/** Loads the catalogue of the page's language, once, before the first drawing. Without it the page speaks English. */
export async function loadCatalogue(language = lang) {
  lang = language
  if (/^en\b/.test(language)) return
  try {
    const answer = await fetch(`/i18n/${encodeURIComponent(language)}.json`)
    if (!answer.ok) return
    const catalogue = await answer.json()
    messages = catalogue.messages ?? {}
    if (catalogue.plural) form = pluralForm(catalogue.plural)
  } catch { /* no catalogue: English */ }
}

const fill = (text, params) =>
  params ? text.replace(/\{(\w+)\}/g, (whole, name) => (name in params ? String(params[name]) : whole)) : text

/** The text in the page's language, with `{name}` filled in from `params`. */
export function t(text, params) {
  const found = messages[text]
  return fill((Array.isArray(found) ? found[0] : found) || text, params)
}

/** The form of the text that fits `count`; `{n}` is the count. */
export function n(one, many, count, params) {
  const found = messages[one]
  const text = Array.isArray(found) ? found[form(count)] || found[found.length - 1] : ''
  return fill(text || (count === 1 ? one : many), {n: count, ...params})
}

/** gettext's `plural=` expression (C syntax) as a function. Parsed, not evaluated: pages may not run made-up code. */
export function pluralForm(header) {
  const source = (/plural=([^;]+)/.exec(header) ?? [null, 'n != 1'])[1]
  const tokens = source.match(/\d+|n|&&|\|\||[=!<>]=|[<>%?:()!+*/-]/g) ?? []
  const levels = [['||'], ['&&'], ['==', '!='], ['<', '>', '<=', '>='], ['+', '-'], ['*', '/', '%']]
  const apply = {
    '||': (a, b) => a || b, '&&': (a, b) => a && b, '==': (a, b) => a === b, '!=': (a, b) => a !== b, '<': (a, b) => a < b,
    '>': (a, b) => a > b, '<=': (a, b) => a <= b, '>=': (a, b) => a >= b, '+': (a, b) => a + b, '-': (a, b) => a - b,
    '*': (a, b) => a * b, '/': (a, b) => Math.trunc(a / b), '%': (a, b) => a % b,
  }
  let at = 0
  const primary = () => {
    const token = tokens[at++]
    if (token === '(') {
      const inner = choice()
      at++
      return inner
    }
    if (token === '!') {
      const inner = primary()
      return count => Number(!inner(count))
    }
    return token === 'n' ? count => count : () => Number(token)
  }
  const binary = level => {
    if (level === levels.length) return primary()
    let left = binary(level + 1)
    while (levels[level].includes(tokens[at])) {
      const operate = apply[tokens[at++]], a = left, b = binary(level + 1)
      left = count => Number(operate(a(count), b(count)))
    }
    return left
  }
  const choice = () => {
    const test = binary(0)
    if (tokens[at] !== '?') return test
    at++
    const yes = choice()
    at++
    const no = choice()
    return count => (test(count) ? yes(count) : no(count))
  }
  return choice()
}
