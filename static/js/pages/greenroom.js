// /w/<slug>/greenroom: for those who wait their turn.

import {connect} from '../connect.js'
import {timeOfDayWithSeconds} from '../format.js'
import {loadCatalogue, t} from '../i18n.js'
import {clock as clockOf, messageFor, standing as standingOf} from '../stage/facts.js'
import {Hero, Slots} from '../stage/greenroom.js'
import {useMoment} from '../stage/parts.js'
import {useReports} from '../stage/reports.js'
import {useAwake} from '../stage/devices.js'
import {lostText} from '../stage/words.js'
import {Button, Icon, Notice, Refused, Rehearsal, Skeleton, State} from '../ui.js'
import {html, render, useEffect, useRef, useState} from '../vendor.js'

const page = document.documentElement.dataset
const slot = page.role === 'speaker' ? page.slot || null : null

function Link({connection, now, zone}) {
  const status = connection.status.value
  if (!status.online) return html`<${State} icon="wifi-off" tone="bad">${lostText(status, now, zone) ?? t('Connecting')}<//>`
  const delay = connection.delay.value
  return html`<${State} icon="check">${delay == null ? t('Connected') : t('Connected, {n} ms', {n: Math.round(delay)})}<//>`
}

function App({connection}) {
  const view = connection.view.value
  const drawn = useRef(null)
  const [seen, setSeen] = useState({})
  const guess = view ? standingOf(view, connection.now(), slot) : null
  const now = useMoment(connection, [view?.timer.deadline_at, guess?.mine?.expected_start_at])
  useAwake()
  useReports(connection, () => drawn.current, 'greenroom')
  useEffect(() => {
    requestAnimationFrame(() => (drawn.current = Math.round(connection.now())))
  })
  if (!view) {
    return html`<div class="page">${connection.status.value.refused
      ? html`<${Refused} status=${connection.status.value} retry=${connection.retry} />` : html`<${Skeleton} rows=${6} />`}</div>`
  }
  const clock = clockOf(view, now)
  const standing = standingOf(view, now, slot)
  const zone = view.webinar.timezone
  const message = messageFor(view, slot, seen)
  const note = slot ? message : message?.to === 'all' ? message : null
  const onSeen = () => {
    setSeen(old => ({...old, [note.id]: true}))
    connection.send('message:seen', {message: note.id})
  }
  return html`<${Rehearsal} /><div class="page">
    <header class="page-head"><div><p class="label">${t('Green room')}</p><h1>${view.webinar.title}</h1></div><span class="sp"></span>
      <${Link} connection=${connection} now=${now} zone=${zone} /><span class="t num">${timeOfDayWithSeconds(now, zone)}</span></header>
    ${connection.status.value.refused && html`<${Notice} icon="lock" tone="warn" title=${connection.status.value.refused.message} />`}
    ${note && html`<div class=${`gr-note${note.level === 'urgent' ? ' gr-note--urgent' : ''}`} role="alert">
      <${Icon} name=${note.level === 'info' ? 'message-square' : 'triangle-alert'} /><p>${note.text}</p><span class="sp"></span>
      ${slot && html`<${Button} icon="check" onClick=${onSeen}>${t('Seen')}<//>`}</div>`}
    <${Hero} ...${{view, now, standing, clock, connection, slot}} />
    <${Slots} ...${{view, now, standing, clock}} />
  </div>`
}

await loadCatalogue()
const connection = connect({webinar: page.webinar, role: page.role || 'screen', slot: slot ?? undefined})
const root = document.querySelector('#app')
root.removeAttribute('aria-busy')
render(html`<${App} connection=${connection} />`, root)
page.ready = 'true'
