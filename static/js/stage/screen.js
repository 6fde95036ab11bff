// What the room sees: the agenda with what runs, the debate, a show of hands, before and after.

import {clockText, timeOfDay} from '../format.js'
import {n, t} from '../i18n.js'
import {Hour, Icon, Sign} from '../ui.js'
import {html} from '../vendor.js'
import {around, bars, upNext} from './facts.js'
import {useFit} from './fit.js'
import {Figures, Join} from './parts.js'
import {byLine, dayOf, ledgerRows, namesOf, otherDay, placeOf, speakersOf, whoOf} from './words.js'

const WORDS = {warning: () => t('left'), danger: () => t('left'), normal: () => t('left'), overtime: () => t('over time'), paused: () => t('paused')}
const ICONS = {warning: 'triangle-alert', danger: 'octagon-alert', overtime: 'hourglass', paused: 'pause'}

function Head({view, now}) {
  const {title, subtitle, starts_at, timezone} = view.webinar
  const when = t('{day}, {place} time', {day: dayOf(starts_at, timezone), place: placeOf(timezone)})
  return html`<div><h1>${title}</h1>${subtitle && html`<p class="sub two">${subtitle}</p>`}
    <p class="sub">${when}${' · '}<span class="num">${timeOfDay(now, timezone)}</span></p></div>`
}

/** The agenda: first all of it, then smaller, then the part around what runs. The running one is never left out. */
const COUNTS = [Infinity, Infinity, Infinity, 12, 9, 7, 5]

function Agenda({view, standing, clock}) {
  const zone = view.webinar.timezone
  const {list, current, next} = standing
  const anchor = current?.id ?? next?.id ?? list.at(-1)?.id
  const box = useFit(COUNTS.length - 1, JSON.stringify(list.map(slot => [slot.id, slot.title, slot.state, slot.speakers])) + anchor, {
    apply(element, step) {
      const {rows, before, after} = around(list, anchor, COUNTS[step])
      const shown = new Set(rows.map(slot => slot.id))
      for (const row of element.querySelectorAll('[data-slot]')) row.hidden = !shown.has(row.dataset.slot)
      for (const [name, count] of [['before', before], ['after', after]]) {
        const more = element.querySelector(`[data-more="${name}"]`)
        more.hidden = !count
        more.lastElementChild.textContent = name === 'before' ? n('{n} earlier', '{n} earlier', count) : n('{n} more', '{n} more', count)
      }
    },
  })
  const more = name => html`<li class="more" data-more=${name} hidden><span></span><span></span></li>`
  return html`<div class="scr-fit" ref=${box}><ol class="scr-list">
    ${more('before')}
    ${list.map(slot => (slot.id === current?.id
    ? html`<${Running} key=${slot.id} ...${{view, slot, clock, zone}} />`
    : html`<li key=${slot.id} data-slot=${slot.id} class=${slot.state === 'done' || slot.state === 'skipped' ? slot.state : ''}>
        <time class="num">${timeOfDay(slot.actual_start_at ?? slot.expected_start_at, zone)}</time>
        <span><span class="ti">${slot.title}</span>${(slot.state !== 'done' && whoOf(view, slot)) && html`<span class="who">${whoOf(view, slot)}</span>`}</span></li>`))}
    ${more('after')}
  </ol></div>`
}

function Running({view, slot, clock, zone}) {
  const who = slot.kind === 'debate' ? whoOf(view, slot) : speakersOf(view, slot.speakers)
  return html`<li class="now" data-slot=${slot.id} data-time=${clock.state} aria-current="step">
    <time class="num">${timeOfDay(slot.actual_start_at ?? slot.expected_start_at, zone)}</time>
    <span><span class="ti">${slot.title}</span>${who && html`<span class="who">${who}</span>`}</span>
    <span class="d num"><span role="timer" aria-live="off">${clockText(clock.left_s)}</span>
      <small>${ICONS[clock.state] && html`<${Icon} name=${ICONS[clock.state]} /> `}${WORDS[clock.state]?.()}</small></span></li>`
}

export function AgendaScreen(props) {
  const {view, now} = props
  return html`<div class="scr"><div class="scr-main"><${Head} ...${props} /><${Agenda} ...${props} /><${Foot} ...${props}><${Hour} view=${view} now=${now} /><//></div>
    <${Join} view=${view} title=${asking(view)} big /></div>`
}

const asking = view => (view.qa?.state === 'closed' ? t('Vote and follow') : t('Ask a question'))

/** The called-up attendee stands above what is at the foot. */
function Foot({view, children}) {
  return html`<div><${Call} view=${view} />${children}</div>`
}

function Call({view}) {
  const question = view.call ? view.questions[view.call] : null
  if (!question) return null
  return html`<p class="scr-call" role="status"><${Icon} name="mic" />${question.name
    ? t('{name}, get ready to speak: you are next', {name: question.name})
    : t('Get ready to speak, you are next: “{text}”', {text: shorten(question.text)})}</p>`
}

const shorten = text => (text.length > 60 ? `${text.slice(0, 58).trimEnd()}…` : text)

/** Before the start: how long until then, and the code large. */
export function BeforeScreen({view, now, standing}) {
  const {starts_at, timezone, title, summary} = view.webinar
  const left_s = (starts_at - now) / 1000
  const day = otherDay(starts_at, now, timezone)
  const first = standing.list.find(slot => slot.state !== 'skipped')
  const time = timeOfDay(starts_at, timezone)
  return html`<div class="scr"><div class="scr-main">
    <${Head} view=${view} now=${now} />
    <div class="scr-big">
      ${left_s > 0 && left_s < 86_400
    ? html`<p class="lead">${t('Begins in')}</p><${Figures} seconds=${left_s} />`
    : html`<h2>${left_s > 0 ? t('Begins at {time}', {time}) : t('Welcome')}</h2>
        <p class="lead">${day ? t('Planned for {day}, {time}', {day, time}) : t('Planned for {time}', {time})}</p>`}
      ${summary && html`<p class="two">${summary}</p>`}
      ${first && html`<p>${t('First: {title}', {title: first.title})}${first.speakers?.length > 0 && html`, ${speakersOf(view, first.speakers)}`}</p>`}
    </div>
    <${Hour} view=${view} now=${now} /></div>
    <${Join} view=${view} title=${t('Join and ask: {title}', {title})} big /></div>`
}

/** The debate: the question on air, as large as it can be, never cut. */
export function DebateScreen({view, question, standing, clock}) {
  const box = useFit(6, `${question.id} ${question.text} ${question.name ?? ''} ${view.call ?? ''}`)
  const then = upNext(view)
  const by = byLine(view, question)
  const names = namesOf(view, standing.current?.speakers)
  const debate = standing.current?.kind === 'debate'
  return html`<div class="scr-debate"><h1 class="vh">${view.webinar.title}</h1>
    <div class="top"><${Sign}>${t('On air')}<//><span class="clip">${debate
    ? (names ? t('Debate, moderated by {names}', {names}) : t('Debate'))
    : standing.current?.title}</span>
      ${clock.left_s != null && html`<span class="d num" role="timer" aria-live="off" data-time=${clock.state}>
        ${ICONS[clock.state] && html`<${Icon} name=${ICONS[clock.state]} label=${WORDS[clock.state]?.()} />`}${clockText(clock.left_s)}</span>`}</div>
    <div class="say" ref=${box}><div><p lang=${question.language || undefined}>${question.text}</p>${by && html`<p class="by">${by}</p>`}</div></div>
    <div><${Call} view=${view} /><div class="foot"><p class="then" lang=${then?.language || undefined}>${then ? t('Then: {text}', {text: then.text}) : ''}</p>
      <${Join} view=${view} title=${t('Vote and ask')} /></div></div>
  </div>`
}

/** A show of hands: bars that grow as phones answer. */
export function HandsScreen({view, hands, standing, clock}) {
  const box = useFit(2, `${hands.id} ${hands.text} ${hands.answers.join()}`)
  const {total, bars: all} = bars(hands)
  return html`<div class="scr-debate"><h1 class="vh">${view.webinar.title}</h1>
    <div class="top"><span class="sign sign--ink"><${Icon} name="hand" /> ${hands.open ? t('Show of hands') : t('Result')}</span>
      <span class="clip">${n('{n} answer', '{n} answers', total)}</span>
      ${clock.left_s != null && html`<span class="d num" role="timer" aria-live="off" data-time=${clock.state}>${clockText(clock.left_s)}</span>`}</div>
    <div class="scr-hands" ref=${box}><h2>${hands.text}</h2><ul>
      ${all.map(({text, count, share}) => html`<li><span>${text}</span><b class="num">${Math.round(share * 100)} %<small>${count}</small></b>
        <span class="bar"><i style=${{'--p': share.toFixed(4)}}></i></span></li>`)}</ul></div>
    <div class="foot"><p class="then">${standing.current?.title ?? ''}</p>
      <${Join} view=${view} title=${hands.open ? t('Answer on your phone') : t('Vote and ask')} /></div>
  </div>`
}

/** After the end: thanks, what became of the questions, and where the written answers will be. */
export function EndScreen({view, now}) {
  const {ended_at} = view.timer
  const zone = view.webinar.timezone
  const rows = ledgerRows(view.ledger)
  const asked = view.ledger?.asked ?? 0
  return html`<div class="scr"><div class="scr-main"><${Head} view=${view} now=${now} />
    <div class="scr-big"><h2>${t('Thank you')}</h2>
      ${ended_at && html`<p class="lead">${t('Ended at {time}', {time: timeOfDay(ended_at, zone)})}</p>`}
      ${asked > 0 && html`<p>${n('{n} question was asked:', '{n} questions were asked:', asked)}</p>
        <dl class="scr-led">${rows.map(([count, words]) => html`<dt class="num">${count}</dt><dd>${words}</dd>`)}</dl>`}
    </div>
    <${Hour} view=${view} now=${now} /></div>
    <${Join} view=${view} title=${t('Answers in writing appear here')} big /></div>`
}

/** A message of the moderators to everybody. */
export function AllMessage({message}) {
  return html`<div class=${`scr-msg${message.level === 'urgent' ? ' scr-msg--urgent' : ''}`} role="status">
    <p>${message.level !== 'info' && html`<${Icon} name=${message.level === 'urgent' ? 'octagon-alert' : 'triangle-alert'} />`}${message.text}</p></div>`
}


