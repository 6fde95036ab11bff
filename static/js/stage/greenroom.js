// The green room: my wait in large, and every slot with what was planned, is expected and happened. Rows are worked out
// first (pure), then drawn.

import {clockText, lengthText, minutesText, timeOfDay, timeOfDayWithSeconds} from '../format.js'
import {t} from '../i18n.js'
import {Icon} from '../ui.js'
import {html} from '../vendor.js'
import {Signals} from './controls.js'
import {glyphs} from './parts.js'
import {namesOf, otherDay, whoOf} from './words.js'

const SMALL_S = 15 // a difference below that is nobody's business

/** One line per slot: {slot, kind: done|now|next|later|skipped, me, planned, expected, began, length_s, words, icon}. */
export function slotRows(view, now, standing, clock) {
  const {list, own, mine, next} = standing
  return list.map(slot => {
    const row = {
      slot, kind: slot.state, me: slot.id === own?.id || slot.id === mine?.id,
      planned: slot.planned_start_at, expected: null, began: slot.actual_start_at ?? null, length_s: slot.duration_s, icon: null,
    }
    if (slot.state === 'done') {
      row.length_s = Math.round((slot.expected_end_at - slot.expected_start_at) / 1000)
      const over = row.length_s - slot.duration_s
      row.words = Math.abs(over) < SMALL_S ? t('Done, on time')
        : over > 0 ? t('Done, {time} over', {time: lengthText(over)}) : t('Done, {time} early', {time: lengthText(-over)})
    } else if (slot.state === 'now') {
      row.length_s = view.timer.duration_s + (view.timer.added_s ?? 0)
      row.words = clock.state === 'paused' ? t('Paused, {time} left', {time: clockText(clock.left_s)})
        : clock.left_s < 0 ? t('{time} over time', {time: clockText(clock.left_s)}) : t('{time} left', {time: clockText(clock.left_s)})
      row.icon = {warning: 'triangle-alert', danger: 'octagon-alert', overtime: 'hourglass', paused: 'pause'}[clock.state] ?? null
    } else if (slot.state === 'skipped') {
      row.words = t('Left out')
      row.length_s = null
    } else {
      row.expected = slot.expected_start_at
      row.length_s = Math.round((slot.expected_end_at - slot.expected_start_at) / 1000)
      const late = Math.round((slot.expected_start_at - slot.planned_start_at) / 1000)
      const given = slot.duration_s - row.length_s
      if (slot.id === mine?.id && own) {
        const wait_s = (slot.expected_start_at - now) / 1000
        row.words = slot.id === next?.id ? t('You are next')
          : wait_s < 86_400 ? t('You are on in {time}', {time: clockText(wait_s)}) : t('You are on')
        row.icon = 'arrow-right'
      } else if (slot.flex && Math.abs(given) >= SMALL_S) {
        row.words = given > 0 ? t('{time} shorter', {time: lengthText(given)}) : t('{time} longer', {time: lengthText(-given)})
      } else {
        row.words = lateWords(late)
      }
    }
    return row
  })
}

function lateWords(late_s) {
  if (Math.abs(late_s) < SMALL_S) return t('On time')
  return late_s > 0 ? t('{time} later', {time: lengthText(late_s)}) : t('{time} earlier', {time: lengthText(-late_s)})
}

export function Slots({view, now, standing, clock}) {
  const zone = view.webinar.timezone
  const rows = slotRows(view, now, standing, clock)
  return html`<table class="tbl gr-slots"><thead><tr><th class="c-plan">${t('Planned')}</th><th class="c-exp">${t('Expected')}</th>
    <th class="c-began">${t('Began')}</th><th>${t('Slot')}</th><th class="r">${t('Length')}</th><th>${t('State')}</th></tr></thead><tbody>
    ${rows.map(({slot, kind, me, planned, expected, began, length_s, words, icon}) => {
    const who = whoOf(view, slot)
    return html`<tr key=${slot.id} class=${`${kind}${me && kind !== 'done' && kind !== 'now' ? ' me' : ''}`} aria-current=${kind === 'now' ? 'step' : undefined}
        data-time=${kind === 'now' ? clock.state : undefined}>
      <td class="c-plan num">${timeOfDay(planned, zone)}</td><td class="c-exp num">${expected != null && timeOfDay(expected, zone)}</td>
      <td class="c-began num">${began != null && timeOfDayWithSeconds(began, zone)}</td>
      <td class="c-slot"><b>${slot.title}</b><br /><span class="meta">${who}</span></td>
      <td class="c-len num r">${length_s != null && lengthText(length_s)}</td>
      <td class="st num">${icon && html`<${Icon} name=${icon} small />`}${words}${who && html`<span class="s-line"> · ${who}</span>`}</td></tr>`
  })}</tbody></table>`
}

export function Hero({view, now, standing, clock, connection, slot}) {
  const zone = view.webinar.timezone
  const {mode, mine, own, current, next} = standing
  const names = namesOf(view, own?.speakers)
  const given = slot ? view.signals?.[slot] : null
  const big = (text, timer) => html`<span class="d num" data-glyphs=${glyphs(text)} ...${timer && {role: 'timer', 'aria-live': 'off'}}>${text}</span>`
  const plain = text => html`<span class="d d--words">${text}</span>`
  let label, figure, title, line
  if (mode === 'ended') {
    label = t('The webinar has ended')
    figure = plain(view.timer.ended_at ? timeOfDay(view.timer.ended_at, zone) : t('Thank you'))
    title = t('Thank you')
  } else if (current && (mode === 'mine' || mode === 'debate' || !own)) {
    label = own && mode === 'mine' ? t('You are on') : t('Now')
    figure = big(clockText(clock.left_s), true)
    title = current.title
    line = next && t('Next at {time}: {title}', {time: timeOfDay(next.expected_start_at, zone), title: next.title})
  } else if (!mine) {
    label = names ? t('{names}, thank you', {names}) : t('Thank you')
    figure = clock.left_s == null ? plain(t('Done')) : big(clockText(clock.left_s), true)
    title = current?.title ?? ''
  } else {
    const wait_s = (mine.expected_start_at - now) / 1000
    const late_s = Math.round((mine.expected_start_at - mine.planned_start_at) / 1000)
    const day = otherDay(mine.expected_start_at, now, zone)
    const length = minutesText(Math.round((mine.expected_end_at - mine.expected_start_at) / 1000))
    const params = {time: timeOfDay(mine.expected_start_at, zone), difference: lengthText(Math.abs(late_s)), length, day}
    if (wait_s >= 86_400 || wait_s < -60) {
      label = own && names ? t('{names}, you are on at', {names}) : t('Begins at')
      figure = plain(params.time)
    } else {
      label = !own ? t('Begins in') : wait_s < 1 ? names : names ? t('{names}, you are on in', {names}) : t('You are on in')
      figure = wait_s >= 1 ? big(clockText(wait_s)) : plain(own ? t('You are next') : t('Now'))
    }
    title = mine.title
    line = day ? t('{day} at {time}, for {length}', params)
      : Math.abs(late_s) < SMALL_S ? t('At {time}, as planned, for {length}', params)
        : late_s > 0 ? t('At {time}, {difference} later than planned, for {length}', params) : t('At {time}, {difference} earlier than planned, for {length}', params)
  }
  return html`<section class="gr-hero"><div><p class="label">${label}</p>${figure}</div>
    <div><h2>${title}</h2>${line && html`<p class="num">${line}</p>`}</div>
    ${slot && mode !== 'ended' && html`<div class="acts"><${Signals} connection=${connection} given=${given?.signal} only=${['ready', 'more_time', 'problem']} />
      <span class="said" role="status">${given && given.signal !== 'none' ? t('The moderator sees it since {time}', {time: timeOfDay(given.at, zone)}) : ''}</span></div>`}
  </section>`
}

