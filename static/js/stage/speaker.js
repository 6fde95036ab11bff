// The speaker's screen: which of its faces is shown, and what each holds.

import {clockText, minutesText, signedText, timeOfDay} from '../format.js'
import {t} from '../i18n.js'
import {Hour, TimeWord} from '../ui.js'
import {html} from '../vendor.js'
import {upNext, writing} from './facts.js'
import {Figures} from './parts.js'
import {Questions} from './questions.js'
import {ago, ledgerRows, namesOf, otherDay, whoOf} from './words.js'

const DAY_MS = 86_400_000

/** Title (of what runs) and wall time; while something else than the clock has the stage, the clock stands here too. */
export function Top({view, now, standing, clock, withClock}) {
  const {mode, current} = standing
  const zone = view.webinar.timezone
  const title = mode === 'before' || mode === 'ended' || !current ? view.webinar.title : current.title
  const running = clock.left_s != null && withClock
  return html`<div class="sp-top">
    <h1 class="two">${(mode === 'wait' || mode === 'after') && html`<small>${t('Now')}</small> `}${title}</h1>
    <span class="clocktime num">${running && html`<span class="now-left" role="timer" aria-live="off">
      ${clockText(clock.left_s)} <small>${clock.state === 'overtime' ? t('over time') : clock.state === 'paused' ? t('paused') : t('left')}</small></span>`}
      ${' '}${timeOfDay(now, zone)}</span>
  </div>`
}

/** My own countdown: the digits, and below them one word with its icon. */
export function Countdown({clock, view, standing, now}) {
  const word = {
    warning: t('Come to the end'), danger: t('Last minute'), overtime: t('Over time. Thank you, please close'), paused: t('Paused'),
  }[clock.state]
  const then = standing.mode === 'debate' ? upNext(view) : null
  return html`<div class="sp-mid">
    <${Figures} seconds=${clock.left_s} class=${clock.state === 'paused' ? 'is-still' : ''} />
    <span class="word">${word
    ? html`<${TimeWord} state=${clock.state} text=${word} />`
    : standing.mode === 'debate' && (then ? t('Nothing on air yet') : t('Nothing on air'))}</span>
    ${clock.state === 'paused' && view.timer.paused_at && html`<p class="sub">${t('since {time}', {time: timeOfDay(view.timer.paused_at, view.webinar.timezone)})}</p>`}
  </div>`
}

/** Not my turn yet: when I am on. What runs stands above with its own clock. */
export function Wait({view, now, standing}) {
  const {mine, next} = standing
  const zone = view.webinar.timezone
  const wait_s = (mine.expected_start_at - now) / 1000
  const late_s = (mine.expected_start_at - mine.planned_start_at) / 1000
  const params = {time: timeOfDay(mine.expected_start_at, zone), title: mine.title}
  const isNext = next?.id === mine.id
  if (wait_s < 1) {
    return html`<div class="sp-mid"><h2>${t('You are next')}</h2><p class="sub">${mine.title}, ${minutesText(mine.duration_s)}</p></div>`
  }
  return html`<div class="sp-mid">
    <p class="lead">${isNext ? t('You are next, on in') : t('You are on in')}</p>
    <${Figures} seconds=${wait_s} timer=${false} class="digits--mid" />
    <p class="word">${t('At {time}: {title}', params)}</p>
    ${Math.abs(late_s) >= 60 && html`<p class="sub">${t('{difference} against the plan', {difference: signedText(late_s)})}</p>`}
  </div>`
}

/** Before the start: how long until then, and when I am on. */
export function Before({view, now, standing}) {
  const zone = view.webinar.timezone
  const {starts_at} = view.webinar
  const first = standing.list.find(slot => slot.state !== 'skipped')
  const left_s = (starts_at - now) / 1000
  const {mine} = standing
  const at = mine && timeOfDay(mine.expected_start_at, zone)
  const mineWords = mine && standing.own && (mine.id === first?.id
    ? t('You are on first: {title}', {title: mine.title}) : t('You are on at {time}: {title}', {time: at, title: mine.title}))
  const day = otherDay(starts_at, now, zone)
  if (left_s > 0 && left_s * 1000 < DAY_MS) {
    return html`<div class="sp-mid"><p class="lead">${t('Begins in')}</p>
      <${Figures} seconds=${left_s} class="digits--mid" />
      <p class="word">${t('At {time}', {time: timeOfDay(starts_at, zone)})}</p>
      ${mineWords && html`<p class="sub">${mineWords}</p>`}</div>`
  }
  return html`<div class="sp-mid"><h2>${left_s > 0 ? t('Begins at {time}', {time: timeOfDay(starts_at, zone)}) : t('Not started yet')}</h2>
    <p class="sub">${day
    ? t('Planned for {day}, {time}', {day, time: timeOfDay(starts_at, zone)})
    : t('Planned for {time}', {time: timeOfDay(starts_at, zone)})}${left_s <= 0 && left_s * -1000 < DAY_MS && html`, ${t('{time} ago', {time: ago(-left_s * 1000)})}`}</p>
    ${mineWords && html`<p class="sub">${mineWords}</p>`}</div>`
}

/** After my talk, and in the debate when asked for: the questions to me. After the end: the answers in writing. */
export function Work({view, now, standing, slot, connection}) {
  const {mode, list, mine} = standing
  const zone = view.webinar.timezone
  const debate = list.find(each => each.kind === 'debate' && (each.state === 'next' || each.state === 'later'))
  const ended = mode === 'ended'
  const head = ended ? t('The webinar has ended. Thank you') : mode === 'after' ? t('Your talk has ended. Thank you') : t('Questions')
  const lead = []
  if (mode === 'after' && mine && mine.id !== debate?.id) {
    lead.push(t('You are on again at {time}: {title}', {time: timeOfDay(mine.expected_start_at, zone), title: mine.title}))
  }
  if (!ended && debate) {
    lead.push(t('Debate at {time}, in {left}', {time: timeOfDay(debate.expected_start_at, zone), left: clockText((debate.expected_start_at - now) / 1000)}))
  }
  if (ended && view.timer.ended_at) lead.push(t('Ended at {time}', {time: timeOfDay(view.timer.ended_at, zone)}))
  return html`<div class="sp-work">
    <div class="head"><div><h2>${head}</h2><p>${lead.map((text, index) => html`${index > 0 && ' · '}<span class="num">${text}</span>`)}</p></div>
      ${ended && html`<p>${ledgerRows(view.ledger).map(([count, words], index) => html`${index > 0 && ' · '}<b class="num">${count}</b> ${words}`)}</p>`}</div>
    <${Questions} ...${{view, slot, connection, now, write: writing(view, list)}} />
  </div>`
}

export function Skipped() {
  return html`<div class="sp-mid"><h2>${t('Your slot is not planned any more')}</h2><p class="sub">${t('The moderator knows why.')}</p></div>`
}

/** The ribbon and what comes next. */
export function Bottom({view, now, standing, question}) {
  const zone = view.webinar.timezone
  const {next, mode, current} = standing
  const at = slot => timeOfDay(slot.expected_start_at, zone)
  const then = mode === 'debate' && question ? upNext(view) : null
  let left, right
  if (mode === 'ended') {
    return null
  } else if (then) {
    left = html`${t('Then')} <b lang=${then.language || undefined}>${then.text}</b>`
    right = next && html`${at(next)} ${next.title}`
  } else if (next) {
    const who = next.kind === 'debate' ? whoOf(view, next) : namesOf(view, next.speakers)
    left = html`${t('Next')} <b>${next.title}</b>${who && html`, ${who}`}`
    right = at(next)
  } else if (current) {
    left = t('Nothing after this')
    right = t('ends {time}', {time: timeOfDay(standing.end_expected_at, zone)})
  }
  return html`<div class="sp-bot"><${Hour} view=${view} now=${now} /><p class="next"><span>${left}</span><span class="num">${right}</span></p></div>`
}


