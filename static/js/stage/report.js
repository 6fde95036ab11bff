// How it went: the server's facts (report.json) brought into the form that the page draws, then the page.

import {lengthText, timeOfDay, timeOfDayWithSeconds} from '../format.js'
import {lang, n, t} from '../i18n.js'
import {html} from '../vendor.js'
import {AskedChart, PlanChart, useWidth} from './chart.js'
import {dayOf, listOf, placeOf} from './words.js'

const figure = number => new Intl.NumberFormat(lang === 'en' ? 'en-GB' : lang).format(number ?? 0)

const SHIFT_MS = 6 * 3_600_000 // a plan further away than that is another day: it is drawn beside what happened

const OPEN = new Set(['review', 'public', 'queued', 'live'])

/** The server's report in the form that the page draws: besides its own parts `aired`, `minutes`, `reasons` and `open`. */
export function prepared(report) {
  const {on_air = [], questions = [], per_minute = [], slots = [], hands = []} = report
  const reasons = new Map(), lists = new Map()
  for (const one of questions) {
    if (one.state === 'dismissed') reasons.set(one.reason ?? '', (reasons.get(one.reason ?? '') ?? 0) + 1)
    if (!OPEN.has(one.state)) continue
    for (const name of one.to?.length ? one.to : ['']) lists.set(name, [...(lists.get(name) ?? []), one])
  }
  const best = (a, b) => b.votes - a.votes || a.n - b.n
  return {
    ...report, on_air, hands,
    slots: slots.map(slot => ({...slot, flex: slot.kind === 'debate'})),
    aired: on_air.filter(one => one.aired_at != null && one.air_s > 0).map(one => ({from: one.aired_at, to: one.aired_at + one.air_s * 1000})),
    minutes: per_minute.map(([at, count]) => ({at, count})),
    reasons: [...reasons].sort((a, b) => b[1] - a[1]),
    open: [...lists].sort(([a], [b]) => (a === '') - (b === '') || a.localeCompare(b)).map(([name, found]) => ({name: name || t('All speakers'), questions: found.sort(best)})),
  }
}

/** The plan as it is drawn: moved to the day of the show when it was for another one. Returns {slots, moved}. */
export function aligned(slots) {
  const first = slots.find(slot => slot.actual_start_at != null)
  const by = first ? first.actual_start_at - first.planned_start_at : 0
  if (Math.abs(by) <= SHIFT_MS) return {slots, moved: false}
  return {moved: true, slots: slots.map(slot => ({...slot, planned_start_at: slot.planned_start_at + by, planned_end_at: slot.planned_end_at + by}))}
}

/** What the flex slots gave, in seconds: negative when they took. */
export const given = slots => slots.filter(slot => slot.flex && slot.actual_end_at != null)
  .reduce((sum, slot) => sum + (slot.planned_end_at - slot.planned_start_at - slot.actual_end_at + slot.actual_start_at) / 1000, 0)

function Facts({facts, webinar}) {
  const zone = webinar.timezone
  const end_s = facts.ended_at == null ? null : Math.round((facts.ended_at - webinar.ends_at) / 1000)
  const entry = (name, value, small) => html`<div><dt>${name}</dt><dd class="num">${value}${small && html`<small>${small}</small>`}</dd></div>`
  return html`<dl class="facts">
    ${facts.ended_at == null ? entry(t('Ended'), t('not yet'))
    : entry(t('Ended'), timeOfDayWithSeconds(facts.ended_at, zone), Math.abs(end_s) < 5 ? t('on time') : Math.abs(end_s) > 21_600 ? ''
      : end_s < 0 ? t('{time} early', {time: lengthText(-end_s)}) : t('{time} late', {time: lengthText(end_s)}))}
    ${entry(t('Attendees'), figure(facts.attendees), facts.attendees_peak > 0 && t('{n} at most at once', {n: figure(facts.attendees_peak)}))}
    ${entry(t('Questions'), figure(facts.questions), facts.askers != null && n('from {n} person', 'from {n} people', facts.askers))}
    ${entry(t('Votes'), figure(facts.votes))}
    ${entry(t('Answered'), figure(facts.answered_air + facts.answered_written), t('{air} on air, {writing} in writing', {air: figure(facts.answered_air), writing: figure(facts.answered_written)}))}
  </dl>`
}

function Charts({report}) {
  const [ref, width] = useWidth()
  const zone = report.webinar.timezone
  const {slots, moved} = aligned(report.slots)
  const gave = given(slots)
  const ran = slots.some(slot => slot.actual_start_at != null)
  const ended = report.facts.ended_at
  const held = ended != null && ended - report.webinar.ends_at < 60_000
  return html`<section><h2>${t('Planned and actual')}</h2>
    <p class="cap">${t('Outline: planned. Solid: actual. Red: over time. Teal: a question on air.')}${' '}
      ${gave >= 15 && html`${held ? t('The debate gave {time}, so the end held.', {time: lengthText(gave)}) : t('The debate gave {time}.', {time: lengthText(gave)})} `}
      ${moved && t('The plan was for another time and is drawn beside what happened.')}</p>
    <div ref=${ref}>${slots.length > 0 && html`<${PlanChart} slots=${slots} aired=${report.aired} zone=${zone} width=${width} />
      ${ran && html`<div class="rep-asked"><${AskedChart} slots=${slots} minutes=${report.minutes} zone=${zone} width=${width} /></div>`}`}</div></section>`
}

function OnAir({report}) {
  return html`<section><h2>${t('Questions on air')}</h2>${report.on_air.length === 0 ? html`<p class="empty">${t('None was on air.')}</p>`
    : html`<table class="tbl tbl--flush on-air-tbl"><thead><tr><th>${t('No.')}</th><th>${t('Question')}</th><th>${t('To')}</th><th class="r">${t('Votes')}</th><th class="r">${t('Time')}</th></tr></thead>
    <tbody>${report.on_air.map(one => html`<tr><td class="num">${one.n}</td><td lang=${one.lang || undefined}>${one.text}</td>
      <td>${one.to?.length ? listOf(one.to) : t('all speakers')}</td><td class="r num">${figure(one.votes)}</td><td class="r num">${one.air_s == null ? '' : lengthText(one.air_s)}</td></tr>`)}</tbody></table>`}</section>`
}

function Ledger({report}) {
  const {ledger} = report
  const rows = [
    [ledger.on_air, t('answered on air')], [ledger.in_writing, t('answered in writing')], [ledger.merged, t('merged with another')],
    [ledger.dismissed, n('not taken up', 'not taken up', ledger.dismissed)], [ledger.withdrawn, t('withdrawn by those who asked')],
    [ledger.open, report.open.length ? html`${t('still open, listed per speaker')} <a class="no-print" href="#open">${t('Open the lists')}</a>` : t('still open')],
  ]
  return html`<section><h2>${t('What became of every question')}</h2>${ledger.asked === 0 ? html`<p class="empty">${t('No question was asked.')}</p>`
    : html`<ul class="ledger">${rows.filter(([count]) => count > 0).map(([count, words]) => html`<li><b class="num">${figure(count)}</b><span>${words}</span></li>`)}</ul>`}
    ${report.reasons.length > 0 && html`<p class="label reasons">${t('Why questions were not taken up')}</p><ul class="ledger">${report.reasons.map(([reason, count]) => html`<li><b class="num">${figure(count)}</b><span>${reason || t('without a reason')}</span></li>`)}</ul>`}</section>`
}

function Hands({hands}) {
  if (!hands.length) return null
  return html`<section class="hands-past"><h2>${t('Shows of hands')}</h2>${hands.map(one => {
    const total = one.counts.reduce((sum, count) => sum + count, 0)
    return html`<section><h3>${one.text}</h3><ul>${one.answers.map((text, index) => {
      const share = total ? one.counts[index] / total : 0
      return html`<li><span>${text}</span><span class="num">${Math.round(share * 100)} % (${figure(one.counts[index])})</span>
        <span class="bar"><i style=${{'--p': `${(share * 100).toFixed(1)}%`}}></i></span></li>`
    })}</ul></section>`
  })}</section>`
}

function Open({lists}) {
  if (!lists.length) return null
  return html`<section id="open" class="open-lists"><h2>${t('Still open, per speaker')}</h2>${lists.map(({name, questions}) => html`<h3>${name}</h3>
    <ul>${questions.map(one => html`<li><span class="n num">${one.n}</span><span lang=${one.lang || undefined}>${one.text}</span>
      <span class="num">${n('{n} vote', '{n} votes', one.votes ?? 0)}</span></li>`)}</ul>`)}</section>`
}

export function Report({report}) {
  const {webinar} = report
  const zone = webinar.timezone
  const base = `/api/v1/webinars/${encodeURIComponent(webinar.slug)}/export`
  const when = t('{day}, {from} to {to}, {place}', {
    day: dayOf(webinar.starts_at, zone), from: timeOfDay(webinar.starts_at, zone), to: timeOfDay(webinar.ends_at, zone), place: placeOf(zone)})
  return html`<div class="page"><header class="page-head"><div><p class="label">${t('Report')}</p><h1>${webinar.title}</h1><p class="when">${when}</p></div><span class="sp"></span>
      <div class="acts no-print">${['xlsx', 'csv', 'md', 'json'].map(format => html`<a class="btn" href=${`${base}.${format}`} download>${{xlsx: 'XLSX', csv: 'CSV', md: 'Markdown', json: 'JSON'}[format]}</a>`)}
        <button type="button" class="btn" onClick=${() => window.print()}>${t('Print')}</button></div></header>
    <div class="rep"><${Facts} facts=${report.facts} webinar=${webinar} /><${Charts} report=${report} />
      <div class="split"><${OnAir} report=${report} /><${Ledger} report=${report} /></div>
      <${Hands} hands=${report.hands} /><${Open} lists=${report.open} /></div></div>`
}

