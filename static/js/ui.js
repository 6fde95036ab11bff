// What the pages share: icons, the hour's ribbon, words for the time, notices, dialogs, toasts, fields.
// Looks are in base.css. Properties are named as in HTML; whatever else is given goes to the outermost element.

import {now as pageNow, onSecond} from './clock.js'
import {clockText} from './format.js'
import {t} from './i18n.js'
import {project} from './timer.js'
import {Fragment, html, signal, useEffect, useLayoutEffect, useRef, useState} from './vendor.js'

const page = document.documentElement.dataset
const sprite = new URL(
  page.role === 'attendee' ? '../vendor/lucide/sprite.svg' : '../vendor/lucide/sprite-more.svg', import.meta.url).pathname

// The sprite is put into the page once: an icon that is first needed while the network is away is there all the same.
export const sprites = typeof DOMParser === 'undefined' ? null : fetch(sprite).then(answer => answer.text()).then(text => {
  const svg = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement
  for (const symbol of svg.querySelectorAll('symbol')) symbol.id = `i-${symbol.id}`
  svg.setAttribute('hidden', '')
  svg.setAttribute('aria-hidden', 'true')
  document.body.prepend(document.adoptNode(svg))
}).catch(() => { /* words stand beside the icons */ })

const classes = (...names) => names.filter(Boolean).join(' ')

/** A Lucide icon (the names are in tools/icons.txt). With `label` it speaks for itself; without, a word stands beside it. */
export function Icon({name, label, small = false, class: extra}) {
  const spoken = label ? {role: 'img', 'aria-label': label} : {'aria-hidden': 'true'}
  return html`<svg class=${classes('i', small && 'i-s', extra)} ...${spoken}><use href=${`#i-${name}`} /></svg>`
}

/** Draws the component again when the shown second changes; `phase` is the instant that second boundaries belong to
    (a deadline), 0 for wall time. Returns the server's time in ms. */
export function useSecond(phase = 0) {
  const [, draw] = useState(0)
  useEffect(() => onSecond(draw, phase ?? 0), [phase])
  return pageNow()
}

// ---- time

const WORDS = {
  normal: ['clock', () => t('Left')],
  warning: ['triangle-alert', () => t('Come to the end')],
  danger: ['octagon-alert', () => t('Last minute')],
  overtime: ['hourglass', () => t('Over time')],
  paused: ['pause', () => t('Paused')],
  before: ['clock', () => t('Not started')],
  ended: ['circle-check', () => t('Ended')],
}

/** The word and icon of a time state (`timeState` of timer.js); `text` replaces the word. */
export function TimeWord({state, text, small, class: extra}) {
  const [icon, word] = WORDS[state] ?? WORDS.normal
  return html`<span class=${classes('timeword', extra)}><${Icon} name=${icon} small=${small} /> ${text ?? word()}</span>`
}

/** The parts of the hour's ribbon, in order: `[{id, kind, minutes, done: 0..1}]`; kind is done, now, over, flex, lost, later.
    `lost: true` shows what a flex slot had to give. */
export function hourParts(view, now, {lost = false} = {}) {
  const projection = project(view, now).slots
  const parts = []
  for (const [id, slot] of Object.entries(view.slots).sort(([, a], [, b]) => a.order - b.order)) {
    const {state, expected_start_at: start, expected_end_at: end} = projection[id]
    const minutes = (end - start) / 60_000
    if (state === 'skipped' || minutes <= 0) continue
    if (state !== 'now') {
      parts.push({id, kind: state === 'done' ? 'done' : slot.flex ? 'flex' : 'later', minutes})
      const given = slot.duration_s / 60 - minutes
      if (lost && slot.flex && state !== 'done' && given > 0.1) parts.push({id, kind: 'lost', minutes: given})
      continue
    }
    const {phase, deadline_at, paused_at} = view.timer
    const at = phase === 'paused' ? paused_at : now
    const over = Math.max(0, at - deadline_at) / 60_000
    const whole = Math.max(minutes - over, 0.01)
    parts.push({id, kind: 'now', minutes: whole, done: Math.min(1, Math.max(0, (at - start) / Math.max(1, deadline_at - start)))})
    if (over > 0) parts.push({id, kind: 'over', minutes: over})
  }
  return parts
}

/** The hour as one ribbon: what is done, now and to come, drawn from the view and the server's time. */
export function Hour({view, now, lost, label, class: extra}) {
  const parts = hourParts(view, now, {lost})
  return html`<div class=${classes('hour', extra)} role="img" aria-label=${label ?? t('The hour: what is done, now and to come')}>
    ${parts.map(({id, kind, minutes, done}) => html`<i key=${id + kind} class=${kind === 'later' ? '' : kind}
      style=${{'--m': minutes.toFixed(3), ...(kind === 'now' && {'--p': `${(done * 100).toFixed(2)}%`})}}></i>`)}
  </div>`
}

/** A countdown's digits, read out by nobody unless asked. `seconds` may be a fraction; below zero is overtime. */
export function Digits({seconds, class: extra, ...rest}) {
  return html`<span class=${classes('num', extra)} role="timer" aria-live="off" ...${rest}>${clockText(seconds)}</span>`
}

// ---- what says something

/** A line that says what is known. `tone`: none, "warn" or "urgent"; `action`: a button at its end. */
export function Notice({icon = 'info', title, tone, action, class: extra, children, ...rest}) {
  return html`<div class=${classes('notice', tone && `notice--${tone}`, extra)} ...${rest}>
    <${Icon} name=${icon} /><div>${title && html`<b>${title}</b>`}${children}</div>${action}</div>`
}

/** "No connection for 0:14", as long as there is none. `status` is the signal's value; `after` ms before it is said. */
export function Lost({status, text, after = 1_500, class: extra}) {
  const now = useSecond(status.since ?? 0)
  if (status.online || status.refused) return null
  const since = status.since
  if (since === undefined || now - since < after) return null
  return html`<${Notice} icon="wifi-off" class=${extra} role="status"
    title=${html`<span aria-hidden="true">${t('No connection for {time}', {time: clockText((now - since) / 1000)})}</span>
      <span class="vh">${t('No connection')}</span>`}>
    ${text ?? t('The clock goes on by itself. Buttons work again when the connection is back.')}<//>`
}

/** "This link is no longer valid": the server will not have us. */
export function Refused({status, retry}) {
  if (!status.refused) return null
  return html`<${Notice} icon="lock" tone="warn" role="alert" title=${status.refused.message}>
    ${retry && html`<button type="button" class="btn" onClick=${retry}>${t('Try again')}</button>`}<//>`
}

export function Sign({children, icon = 'radio'}) {
  return html`<span class="sign"><${Icon} name=${icon} small /> ${children}</span>`
}

/** A state in words with its icon; `tone`: none, "air", "bad". */
export function State({icon, tone, children}) {
  return html`<span class=${classes('state', tone && `state--${tone}`)}><${Icon} name=${icon} small /> ${children}</span>`
}

/** What will come here, and how. */
export function Empty({title, children}) {
  return html`<div class="empty"><b>${title}</b>${children}</div>`
}

/** Grey shapes of rows, from 300 ms on. */
export function Skeleton({rows = 3}) {
  const [shown, show] = useState(false)
  useEffect(() => {
    const timer = setTimeout(show, 300, true)
    return () => clearTimeout(timer)
  }, [])
  if (!shown) return html`<div aria-busy="true"></div>`
  const widths = ['92%', '64%', '78%', '48%']
  return html`<div class="skel" aria-busy="true" aria-label=${t('Loading')}>
    ${Array.from({length: rows}, (_, i) => html`<i style=${{'--w': widths[i % 4]}}></i>`)}</div>`
}

// ---- controls

/** A button: `kind` main, air, bare or none; `icon`; `label` alone makes an icon button with that name. */
export function Button({kind, icon, label, small, pressed, busy, children, class: extra, ...rest}) {
  const bare = icon && !children
  const state = {
    ...(pressed !== undefined && {'aria-pressed': String(Boolean(pressed))}), ...(busy && {'aria-busy': 'true'}),
    ...(label && {'aria-label': label, ...(bare && {title: label})}),
  }
  return html`<button type="button"
    class=${classes('btn', kind && `btn--${kind}`, small && 'btn--s', bare && 'btn--icon', extra)} ...${state} ...${rest}>
    ${icon && html`<${Icon} name=${icon} small=${small} />`}${children && html` ${children}`}</button>`
}

let fields = 0

/** A labelled field. `as`: input (default) or textarea; `hideLabel` leaves the label to screen readers; `error` and `hint`
    are texts below it, tied to it. What else is given goes to the control. */
export function Field({as = 'input', label, hideLabel, error, hint, inputRef, class: extra, ...rest}) {
  const [id] = useState(() => rest.id ?? `field-${++fields}`)
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ')
  return html`<div class=${classes('labelled', extra)}>
    <label class=${hideLabel ? 'vh' : 'label'} for=${id}>${label}</label>
    <${as} ...${rest} id=${id} ref=${inputRef} class="field" aria-invalid=${error ? 'true' : undefined}
      aria-describedby=${described || undefined} />
    ${error && html`<div class="state state--bad" id="${id}-error"><${Icon} name="octagon-alert" small /> ${error}</div>`}
    ${hint && html`<div class="meta" id="${id}-hint">${hint}</div>`}
  </div>`
}

/** A modal dialog, for what cannot be undone. `actions` are buttons; Escape and the backdrop mean `onClose`. */
export function Dialog({title, onClose, actions, children, class: extra}) {
  const dialog = useRef(null)
  const [id] = useState(() => `dialog-${++fields}`)
  useLayoutEffect(() => {
    const opener = document.activeElement, box = dialog.current
    box.showModal()
    return () => {
      box.close()
      if (opener?.isConnected) opener.focus()
    }
  }, [])
  return html`<dialog ref=${dialog} class=${classes('dialog', extra)} aria-labelledby=${id}
      onCancel=${event => { event.preventDefault(); onClose() }}
      onClick=${event => event.target === dialog.current && onClose()}>
    <h3 id=${id}>${title}</h3>${children}${actions && html`<div class="acts">${actions}</div>`}</dialog>`
}

// ---- toasts and spoken news

const toasts = signal([])
let toastId = 0

/** Shows a toast for 5 s (longer while it is touched or focused). `action` is the word of its button. */
export function toast(text, {action, onAction, ms = 5_000} = {}) {
  const item = {id: ++toastId, text, action, onAction, ms}
  toasts.value = [item] // the news of now, not a pile
  return () => (toasts.value = toasts.value.filter(other => other.id !== item.id))
}

function Toast({item, close}) {
  const timer = useRef(0)
  const start = () => (timer.current = setTimeout(close, item.ms))
  const stop = () => clearTimeout(timer.current)
  useEffect(() => (start(), stop), [item.id])
  return html`<div class="toast" onPointerEnter=${stop} onPointerLeave=${start} onFocusIn=${stop} onFocusOut=${start}>
    <span>${item.text}</span>
    ${item.action && html`<button type="button" class="btn" onClick=${() => { close(); item.onAction?.() }}>${item.action}</button>`}</div>`
}

/** Where toasts appear; once per page. */
export function Toasts() {
  return html`<div class="toasts" role="status">${toasts.value.map(item => html`<${Toast} key=${item.id} item=${item}
    close=${() => (toasts.value = toasts.value.filter(other => other.id !== item.id))} />`)}</div>`
}

const spoken = signal({text: '', turn: 0})

/** Says a sentence to screen readers, politely. */
export function announce(text) {
  spoken.value = {text, turn: spoken.value.turn + 1}
}

/** The live region of `announce`; once per page, from the start. */
export function Announcer() {
  // The same sentence twice is news twice: a no-break space makes it differ.
  const {text, turn} = spoken.value
  return html`<div class="vh" role="status" aria-live="polite">${text}${turn % 2 ? '\u00a0' : ''}</div>`
}

/** "Rehearsal": on every page while the clock is a rehearsal clock. */
export function Rehearsal({children}) {
  if (page.rehearsal !== 'true' && page.rehearsal !== '1') return null
  return html`<${Notice} icon="rotate-ccw" tone="warn" class="rehearsal" title=${t('Rehearsal')}>
    ${t('Nobody outside sees this.')} ${page.clockSpeed && t('The clock runs {n} times as fast.', {n: page.clockSpeed})} ${children}<//>`
}

// ---- theme

/** The chosen theme: "light", "dark" or "" (the system's). Choosing stores it for all pages of this browser. */
export const theme = {
  get: () => page.theme ?? '',
  set(value) {
    if (value) page.theme = value
    else delete page.theme
    try {
      if (value) localStorage.setItem('theme', JSON.stringify(value))
      else localStorage.removeItem('theme')
    } catch { /* for this page only */ }
  },
}

export {Fragment, classes}
