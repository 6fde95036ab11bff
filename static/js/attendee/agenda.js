// The agenda and the speakers, as they stand now; what became of the questions once it is over.

import {dateText, minutesText, timeOfDay, zoneText} from '../format.js'
import {n, t} from '../i18n.js'
import {project} from '../timer.js'
import {Icon, useSecond} from '../ui.js'
import {html} from '../vendor.js'
import {slotList, who} from './words.js'

const Links = ({links}) => links.map(link => html`<a href=${link.url} target="_blank" rel="noopener noreferrer nofollow">
  <${Icon} name="external-link" small /> ${link.title}<span class="vh"> ${t('(opens in a new window)')}</span></a>`)

/** Slides and links of the running slot, on the first tab. */
export function SlotLinks({view}) {
  const links = view.slots[view.timer.slot]?.links ?? []
  if (!links.length || view.timer.phase === 'ended') return null
  return html`<nav class="slotlinks" aria-label=${t('Links of this slot')}><${Links} links=${links} /></nav>`
}

export function Agenda({view}) {
  const now = useSecond(view.timer.deadline_at ?? 0)
  const {timezone: zone, starts_at: startsAt, slug} = view.webinar
  const {slots: projected, end_expected_at: endsAt, over_s: overS} = project(view, now)
  return html`<section aria-labelledby="agenda-h">
    <div class="sec"><h2 id="agenda-h">${dateText(startsAt, zone)}</h2><span class="meta">${zone.replace('_', ' ')} ${zoneText(startsAt, zone)}</span></div>
    <ol>${slotList(view).map(slot => {
      const {state, expected_start_at: at, expected_end_at: until} = projected[slot.id]
      const start = state === 'skipped' ? slot.planned_start_at : slot.actual_start_at ?? at
      const time = timeOfDay(start, zone), planned = timeOfDay(slot.planned_start_at, zone)
      const shown = state === 'done' || state === 'now'
      const length = minutesText(Math.max(60, Math.round((until - at) / 60_000) * 60))
      const words = {now: t('now'), done: t('done'), skipped: t('left out'), next: view.timer.phase === 'before' ? '' : t('next')}[state]
      return html`<li key=${slot.id} class=${`arow is-${state}`} aria-current=${state === 'now' ? 'step' : undefined}>
        <time datetime=${new Date(start).toISOString()}>${time}${time !== planned && html`<span class="was"><span class="vh">${t('planned')} </span>${planned}</span>`}</time>
        <div><h3>${slot.title}</h3>${who(view, slot) && html`<p class="who">${who(view, slot)}</p>`}
          <p class="meta">${state !== 'skipped' && html`<span>${length}</span>`}${words && html`<span>${words}</span>`}</p>
          ${state === 'now' && html`<div class="bar" style=${{'--p': `${share(view, slot, now)}%`}}></div>`}
          ${shown && slot.links?.length > 0 && html`<div class="links"><${Links} links=${slot.links} /></div>`}</div></li>`
    })}</ol>
    <p class="facts-line">${view.timer.phase === 'ended' ? t('Ended at {time}.', {time: timeOfDay(endsAt, zone)})
      : overS > 60 ? t('Ends at about {time}.', {time: timeOfDay(endsAt, zone)}) : t('Ends at {time}.', {time: timeOfDay(endsAt, zone)})}<br />
      <a href=${`/w/${slug}/agenda.ics`}><${Icon} name="calendar" small /> ${t('Add to the calendar')}</a></p>
  </section>`
}

function share(view, slot, now) {
  const {phase, paused_at: pausedAt, deadline_at: deadline, started_at: started} = view.timer
  const at = phase === 'paused' ? pausedAt : now
  return Math.min(100, Math.max(0, (at - started) / Math.max(1, deadline - started) * 100)).toFixed(1)
}

export function Speakers({view}) {
  const zone = view.webinar.timezone
  const slots = slotList(view)
  const first = id => slots.findIndex(slot => slot.speakers.includes(id))
  const people = Object.entries(view.speakers).sort(([a], [b]) => first(a) - first(b))
  return html`<section aria-labelledby="speakers-h"><div class="sec"><h2 id="speakers-h">${t('Speakers')} <span class="meta num">${people.length}</span></h2></div>
    <ul>${people.map(([id, person]) => html`<li key=${id} class="srow"><h3>${person.name}</h3>
      ${[person.title, person.affiliation].filter(Boolean).map(line => html`<p>${line}</p>`)}
      ${slots.filter(slot => slot.speakers.includes(id) && slot.state !== 'skipped').map(slot => html`<p class="meta">
        <span>${timeOfDay(slot.actual_start_at ?? slot.expected_start_at ?? slot.planned_start_at, zone)}</span><span>${slot.title}</span></p>`)}</li>`)}</ul></section>`
}

/** After the end: no question just disappears. */
export function Ledger({view}) {
  const {ledger} = view
  if (!ledger?.asked) return null // it is there once no more questions are taken
  const reasons = Object.entries(ledger.reasons ?? {}).sort(([, a], [, b]) => b - a)
  const rows = [
    [ledger.asked, n('question asked', 'questions asked', ledger.asked)],
    [ledger.on_air, t('answered in the debate')], [ledger.in_writing, t('answered in writing')],
    [ledger.merged, t('merged with another')], [ledger.dismissed, n('not taken up', 'not taken up', ledger.dismissed), reasons],
    [ledger.withdrawn, t('withdrawn by the author')], [ledger.open, t('open, to be answered in writing')],
  ].filter(([count], index) => index === 0 || count > 0)
  return html`<section aria-labelledby="ledger-h"><div class="sec"><h2 id="ledger-h">${t('What became of every question')}</h2></div>
    <ul class="ledger">${rows.map(([count, words, why]) => html`<li><b class="num">${count}</b><span>${words}
      ${why?.length > 0 && html`<ul>${why.map(([reason, times]) => html`<li>“${reason}” <span class="num">${times}</span></li>`)}</ul>`}</span></li>`)}</ul></section>`
}
