// /w/<slug>/screen: what the room sees. Light unless asked (?theme=dark): bright rooms, and codes that scan.

import {connect} from '../connect.js'
import {loadCatalogue, t} from '../i18n.js'
import {useAwake, useFullScreen, useIdle} from '../stage/devices.js'
import {clock as clockOf, onAir, standing as standingOf} from '../stage/facts.js'
import {Known, Waiting, useMoment} from '../stage/parts.js'
import {useReports} from '../stage/reports.js'
import {AgendaScreen, AllMessage, BeforeScreen, DebateScreen, EndScreen, HandsScreen} from '../stage/screen.js'
import {Button, Rehearsal} from '../ui.js'
import {html, render, useEffect, useRef, useState} from '../vendor.js'

const page = document.documentElement.dataset
const RESULT_MS = 20_000

/** The show of hands to be shown: the open one, and for a while the one that was just closed. */
function useHands(view, now) {
  const [last, setLast] = useState(null)
  const hands = view?.hands
  useEffect(() => {
    if (hands?.open) setLast({...hands, seen_at: null})
    else if (last && last.seen_at == null) setLast({...last, ...(hands?.id === last.id ? hands : {}), open: false, seen_at: now})
  }, [hands, last])
  if (hands?.open) return hands
  return last?.seen_at != null && now - last.seen_at < RESULT_MS ? last : null
}

function App({connection}) {
  const view = connection.view.value
  const drawn = useRef(null)
  const now = useMoment(connection, [view?.timer.deadline_at, view?.webinar.starts_at])
  const hands = useHands(view, now)
  const [full, toggleFull] = useFullScreen()
  const idle = useIdle(3000)
  useAwake()
  useReports(connection, () => drawn.current, 'screen')
  useEffect(() => {
    requestAnimationFrame(() => (drawn.current = Math.round(connection.now())))
  })
  if (!view) return html`<${Waiting} connection=${connection} />`
  const clock = clockOf(view, now)
  const standing = standingOf(view, now)
  const question = onAir(view, now)
  const phase = view.timer.phase
  const face = hands ? HandsScreen
    : question ? DebateScreen
      : phase === 'before' ? BeforeScreen
        : phase === 'ended' ? EndScreen : AgendaScreen
  const message = view.message?.to === 'all' && view.message.text ? view.message : null
  return html`<${Rehearsal} /><div class=${`stage${idle ? ' is-idle' : ''}`} data-mode=${standing.mode} data-slot-state=${clock.state}>
    <${face} ...${{view, now, clock, standing, question, hands}} />
    ${message && html`<${AllMessage} key=${message.id} message=${message} />`}
    <${Known} connection=${connection} now=${now} zone=${view.webinar.timezone} />
    ${toggleFull && !full && html`<div class=${`scr-controls${idle ? ' is-away' : ''}`}><${Button} icon="maximize" onClick=${toggleFull}>${t('Full screen')}<//></div>`}
  </div>`
}

await loadCatalogue()
const connection = connect({webinar: page.webinar, role: 'screen'})
const root = document.querySelector('#app')
root.removeAttribute('aria-busy')
render(html`<${App} connection=${connection} />`, root)
page.ready = 'true'
