// /w/<slug>/speaker/<slot>: the countdown. Without a slot it is a stage monitor that goes with whatever runs.

import {connect} from '../connect.js'
import {clockText} from '../format.js'
import {loadCatalogue} from '../i18n.js'
import {Controls, Signals} from '../stage/controls.js'
import {Debate} from '../stage/debate.js'
import {unlockSound, useAwake, useFullScreen, useIdle, useRings} from '../stage/devices.js'
import {clock as clockOf, messageFor, onAir, questionsFor, standing as standingOf, writing} from '../stage/facts.js'
import {Message} from '../stage/message.js'
import {Known, Waiting, useMoment} from '../stage/parts.js'
import {useReports} from '../stage/reports.js'
import {Before, Bottom, Countdown, Skipped, Top, Wait, Work} from '../stage/speaker.js'
import {load, save} from '../storage.js'
import {Rehearsal} from '../ui.js'
import {html, render, useEffect, useRef, useState} from '../vendor.js'

const page = document.documentElement.dataset
const query = new URLSearchParams(location.search)
const slot = query.get('follow') === '1' ? null : page.slot || null

// On a phone the controls would lie over the clock: there they wait behind their handle.
const NARROW = matchMedia('(max-width: 700px)').matches

function useWishes() {
  const [wishes, set] = useState(() => {
    const kept = load('speaker screen', {})
    return {sound: Boolean(kept.sound), mirror: query.has('mirror') ? query.get('mirror') !== '0' : Boolean(kept.mirror)}
  })
  const wish = change => set(old => {
    const next = {...old, ...change}
    save('speaker screen', next)
    return next
  })
  return [wishes, wish]
}

function App({connection}) {
  const view = connection.view.value
  const [wishes, wish] = useWishes()
  const [seen, setSeen] = useState({})
  const [panel, setPanel] = useState(false)
  const [dark, setDark] = useState(page.theme !== 'light')
  const [full, toggleFull] = useFullScreen()
  const awake = useAwake()
  const drawn = useRef(null)
  const timer = view?.timer
  const live = view?.live_since
  const guess = view && !live ? standingOf(view, connection.now(), slot) : null
  const other = live ?? guess?.mine?.expected_start_at ?? view?.webinar.starts_at
  const now = useMoment(connection, [timer?.deadline_at, other])
  useReports(connection, () => drawn.current, 'speaker')
  useEffect(() => {
    requestAnimationFrame(() => (drawn.current = Math.round(connection.now())))
  })
  useEffect(() => {
    // Sound was wished for on an earlier visit: the first tap allows it.
    if (!wishes.sound) return
    const unlock = () => void unlockSound()
    document.addEventListener('pointerdown', unlock, {once: true})
    return () => document.removeEventListener('pointerdown', unlock)
  }, [wishes.sound])

  const clock = view ? clockOf(view, now) : {left_s: null, state: 'before'}
  const standing = view ? standingOf(view, now, slot) : null
  const mode = standing?.mode
  const working = mode === 'mine' || mode === 'debate'
  const signing = mode === 'before' || mode === 'wait'
  const idle = useIdle(4000, working && !panel, NARROW)
  useRings(wishes.sound && working, timer?.slot, clock.state, timer?.deadline_at)
  useEffect(() => {
    document.title = view
      ? [clock.left_s != null && clockText(clock.left_s), standing.current?.title ?? view.webinar.title].filter(Boolean).join(' ') : document.title
  })
  if (!view) return html`<${Waiting} connection=${connection} />`

  const question = mode === 'debate' ? onAir(view, now) : null
  const message = messageFor(view, slot, seen)
  const list = mode === 'after' || mode === 'ended' || panel || (mode === 'skipped' && writing(view, standing.list))
  const time = working && ['warning', 'danger', 'overtime'].includes(clock.state) ? clock.state : 'normal'
  const shows = list ? Work
    : mode === 'before' ? Before
      : mode === 'wait' ? Wait
        : mode === 'skipped' ? Skipped
          : question ? Debate : Countdown
  const onSeen = slot && message && (() => {
    setSeen(old => ({...old, [message.id]: true}))
    // Repeated by itself until the server has it; should it be refused, the message comes back.
    connection.send('message:seen', {message: message.id}).then(ack => {
      if (!ack.ok && ack.error?.code !== 'not_found' && ack.error?.code !== 'conflict') setSeen(old => ({...old, [message.id]: false}))
    })
  })
  const counts = questionsFor(view, slot)
  const parts = {view, now, standing, clock, question, slot, connection, paused: timer.phase === 'paused'}
  const signal = slot ? view.signals?.[slot]?.signal : null
  const onTheme = () => {
    page.theme = dark ? 'light' : 'dark'
    setDark(!dark)
  }
  const classes = [
    'stage', 'sp-page', message && message.level !== 'urgent' && 'has-msg', wishes.mirror && 'is-mirrored', idle && 'is-idle', list && 'has-list',
  ].filter(Boolean).join(' ')
  return html`<${Rehearsal} /><div class=${classes} data-time=${time} data-mode=${mode}
      data-other=${working ? undefined : clock.state} data-slot-state=${clock.state}>
    <div class="sp-box">
      <${Top} ...${parts} withClock=${!working || list} />
      <${shows} ...${parts} />
      ${!list && signing && slot && html`<div class="sp-sign"><${Signals} connection=${connection}
        given=${signal} only=${['ready', 'more_time', 'problem']} /></div>`}
      <${Bottom} ...${parts} />
    </div>
    ${time === 'warning' && html`<div class="sp-band"></div>`}
    ${message && html`<${Message} key=${message.id} message=${message} now=${now} onSeen=${onSeen}
      small=${clock.left_s == null ? '' : clockText(clock.left_s)} />`}
    <${Known} connection=${connection} now=${now} zone=${view.webinar.timezone} />
    <${Controls} ...${{connection, full, signal, dark, awake, onTheme, panel, onFull: toggleFull}}
      slot=${signing || mode === 'ended' ? null : slot} away=${idle || Boolean(message)} mirror=${wishes.mirror} onMirror=${() => wish({mirror: !wishes.mirror})}
      sound=${wishes.sound} onSound=${sound => wish({sound})} count=${counts.mine.length + counts.all.length}
      onPanel=${working ? () => setPanel(!panel) : null} />
  </div>`
}

await loadCatalogue()
const connection = connect({webinar: page.webinar, role: 'speaker', slot: page.slot || undefined})
const root = document.querySelector('#app')
root.removeAttribute('aria-busy')
render(html`<${App} connection=${connection} />`, root)
page.ready = 'true'
