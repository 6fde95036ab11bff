// The strip on top: what is on now, how much time it has left, the hour, what comes next.

import {clockText, dateText, minutesText, timeOfDay} from '../format.js'
import {t} from '../i18n.js'
import {project, remaining, timeState} from '../timer.js'
import {Hour, Icon, useSecond} from '../ui.js'
import {html, useLayoutEffect, useRef} from '../vendor.js'
import {cut} from './state.js'
import {slotList, who} from './words.js'

const DAY_S = 86_400
const NEAR_S = 6 * 3_600 // as long as this after its planned start, a webinar that has not begun is about to

function Left({seconds, note, icon}) {
  const text = clockText(seconds)
  return html`<div class="left"><span class="t num" role="timer" aria-live="off" data-long=${text.length > 5 ? '' : undefined}>${text}</span>
    <span class="meta">${icon && html`<${Icon} name=${icon} small /> `}${note}</span></div>`
}

function Strip({state, label, title, by, left, view, now, next, at}) {
  const what = useRef(null)
  useLayoutEffect(() => {
    // the strip never grows: under a title of two lines there is one for who
    const [head, who] = what.current.querySelectorAll('h1,.who')
    const fit = () => {
      const long = head.offsetHeight > 30
      who?.classList.toggle('clip', long)
      who?.classList.toggle('two', !long)
    }
    fit()
    document.fonts?.ready.then(fit)
    window.addEventListener('resize', fit)
    return () => window.removeEventListener('resize', fit)
  }, [title, by])
  return html`<header class="nowstrip" data-time=${state}>
    <div class="what" ref=${what}><span class="label">${label}</span><h1 class="two">${title}</h1>${by && html`<p class="who">${by}</p>`}</div>
    ${left}
    <${Hour} view=${view} now=${now} />
    <p class="next"><span class="clip">${next}</span><span>${at}</span></p>
  </header>`
}

export function NowStrip({view}) {
  const {timer, webinar} = view
  const zone = webinar.timezone
  const now = useSecond(timer.phase === 'before' ? webinar.starts_at : timer.deadline_at)
  const slots = slotList(view)
  const {slots: projected, end_expected_at: endsAt, over_s: overS} = project(view, now)
  const following = slots.find(slot => projected[slot.id].state === 'next')
  const about = timer.phase === 'paused' || overS > 0

  if (timer.phase === 'before') {
    const starts = following ? projected[following.id].expected_start_at : webinar.starts_at
    const seconds = (webinar.starts_at - now) / 1000
    const day = dateText(webinar.starts_at, zone), near = seconds > -NEAR_S
    return html`<${Strip} state="before" view=${view} now=${now} title=${webinar.title}
      label=${seconds > 0 ? t('Begins at {time}', {time: timeOfDay(webinar.starts_at, zone)}) : near ? t('Begins in a moment') : t('Not started yet')}
      by=${webinar.subtitle || (seconds > 0 && seconds < DAY_S ? day : '')}
      left=${seconds > 0 && seconds < DAY_S
        ? html`<${Left} seconds=${seconds} note=${cut.value ? t('to the start, by this phone') : t('to the start')} />`
        : html`<div class="left"><span class="meta">${seconds > 0 || !near ? day : t('The host starts it.')}</span></div>`}
      next=${following && html`<b>${t('First')}</b> ${following.title}`} at=${following && t('at {time}', {time: timeOfDay(starts, zone)})} />`
  }

  if (timer.phase === 'ended') {
    return html`<${Strip} state="ended" view=${view} now=${now} label=${t('Ended')} title=${webinar.title}
      by=${t('Thank you for being here.')}
      left=${html`<div class="left"><span class="meta"><${Icon} name="circle-check" small /> ${t('ended at {time}', {time: timeOfDay(endsAt, zone)})}</span></div>`}
      next=${dateText(webinar.starts_at, zone)} at="" />`
  }

  const slot = {id: timer.slot, ...view.slots[timer.slot]}
  const state = timeState(slot, timer, now)
  const left = remaining(timer, now) / 1000
  const length = minutesText(Math.max(60, Math.round((timer.duration_s + timer.added_s) / 60) * 60))
  const note = {
    overtime: [t('over time'), 'hourglass'], paused: [t('paused'), 'pause'],
    warning: [t('left of {length}', {length}), 'triangle-alert'], danger: [t('left of {length}', {length}), 'octagon-alert'],
  }[state] ?? [t('left of {length}', {length})]
  const time = timeOfDay(following ? projected[following.id].expected_start_at : endsAt, zone)
  return html`<${Strip} state=${state} view=${view} now=${now} label=${t('Now')} title=${slot.title} by=${who(view, slot)}
    left=${html`<${Left} seconds=${left} icon=${note[1]}
      note=${cut.value && state !== 'overtime' && state !== 'paused' ? t('left, by this phone') : note[0]} />`}
    next=${html`<b>${t('Next')}</b> ${following ? following.title : t('The webinar ends')}`}
    at=${about ? t('at about {time}', {time}) : t('at {time}', {time})} />`
}
