// The attendee's page: ask, vote, follow. Takes over the plain page that the server sent as soon as it has a view.

import {Agenda, Ledger, SlotLinks, Speakers} from '../attendee/agenda.js'
import {Composer} from '../attendee/composer.js'
import {Called, Hands, HostMessage} from '../attendee/hands.js'
import {Language} from '../attendee/language.js'
import {MyQuestions} from '../attendee/mine.js'
import {NowStrip} from '../attendee/nowstrip.js'
import {OnAir, PublicQuestions} from '../attendee/public.js'
import {composer, connection, holdWhileTouched, settings, status, tab, view} from '../attendee/state.js'
import {whyClosed} from '../attendee/words.js'
import {lang, loadCatalogue, t} from '../i18n.js'
import {Announcer, Button, Icon, Lost, Notice, Refused, Rehearsal, Skeleton, Toasts} from '../ui.js'
import {html, render, useEffect, useRef, useState} from '../vendor.js'

const PLAIN_AFTER_MS = 8_000

const TABS = [['questions', () => t('Questions')], ['agenda', () => t('Agenda')], ['speakers', () => t('Speakers')]]

function Tabs() {
  const list = useRef(null)
  const go = id => {
    tab.value = id
    list.current.parentElement.scrollTop = 0
  }
  const key = event => {
    const step = {ArrowRight: 1, ArrowLeft: -1}[event.key]
    if (!step) return
    event.preventDefault()
    const at = TABS.findIndex(([id]) => id === tab.value)
    const next = (at + step * (getComputedStyle(list.current).direction === 'rtl' ? -1 : 1) + TABS.length) % TABS.length
    go(TABS[next][0])
    list.current.querySelectorAll('[role=tab]')[next].focus()
  }
  return html`<div class="tabs" ref=${list}><div role="tablist" aria-label=${t('Pages')} onKeyDown=${key} class="contents">
      ${TABS.map(([id, word]) => html`<button type="button" role="tab" id=${`tab-${id}`} aria-selected=${String(tab.value === id)} aria-controls="panel"
        tabindex=${tab.value === id ? 0 : -1} onClick=${() => go(id)}>${word()}</button>`)}</div>
    <button type="button" class="more" aria-label=${`${lang.slice(0, 2).toUpperCase()}: ${t('Language and colours')}`} onClick=${() => (settings.value = true)}>
      <${Icon} name="languages" /> <span class="en">${lang.slice(0, 2).toUpperCase()}</span></button></div>`
}

function Questions({current}) {
  return html`<${SlotLinks} view=${current} /><${OnAir} current=${current} /><${Hands} view=${current} />
    <${MyQuestions} view=${current} />${current.timer.phase !== 'ended' && html`<${Ledger} view=${current} />`}<${PublicQuestions} current=${current} />`
}

function Dock({current}) {
  const closed = current.qa.state === 'closed'
  return html`<footer><${Toasts} />
    <${Lost} status=${status.value} text=${t('The countdown goes on. What you write is kept and sent when you are back.')} />
    <${Refused} status=${status.value} retry=${connection.retry} />
    ${closed ? html`<${Notice} icon="lock" title=${t('Questions are closed')}>${whyClosed(current)}<//>`
      : html`<div class="dock"><${Button} kind="main" icon="pencil" onClick=${() => (composer.value = {mode: 'ask'})}>${t('Ask a question')}<//></div>`}
  </footer>`
}

function Page() {
  const current = view.value
  const scroll = useRef(null)
  useEffect(() => {
    if (scroll.current) holdWhileTouched(scroll.current)
  }, [Boolean(current)])
  if (!current) return html`<${Waiting} />`
  return html`<div class="phone">
    <div><${Rehearsal} /><${NowStrip} view=${current} /></div>
    <main class="scroll" ref=${scroll}>
      <${Called} view=${current} /><${HostMessage} view=${current} />
      <${Tabs} />
      <div class="panel" id="panel" role="tabpanel" aria-labelledby=${`tab-${tab.value}`} tabindex="-1">
        ${tab.value === 'questions' && html`${current.timer.phase === 'ended' && html`<${Ledger} view=${current} />`}<${Questions} current=${current} />`}
        ${tab.value === 'agenda' && html`<${Agenda} view=${current} />`}
        ${tab.value === 'speakers' && html`<${Speakers} view=${current} />`}
      </div>
    </main>
    <${Dock} current=${current} />
    <${Composer} view=${current} />
    ${settings.value && html`<${Language} view=${current} />`}
    <${Announcer} />
  </div>`
}

/** Before the first view: grey rows; after a while the way that needs no socket. */
function Waiting() {
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(async () => {
      try {
        const answer = await fetch(`${location.pathname}?plain=1`, {method: 'HEAD'})
        setLate(answer.ok)
      } catch { /* no network at all: nothing to offer */ }
    }, PLAIN_AFTER_MS)
    return () => clearTimeout(timer)
  }, [])
  return html`<div class="phone"><header class="nowstrip"><div class="what"><h1 class="two">${document.title}</h1></div></header>
    <main class="scroll"><div class="empty"><${Skeleton} rows=${6} /></div></main>
    <footer><${Refused} status=${status.value} retry=${connection.retry} />
      ${late && !status.value.refused && html`<${Notice} icon="wifi-off" role="status" title=${t('The live connection does not come up.')}>
        <a href=${`${location.pathname}?plain=1`}>${t('Use the plain page instead')}</a><//>`}
      ${!late && !status.value.refused && html`<${Lost} status=${status.value} text=${t('Trying again.')} />`}</footer></div>`
}

/** The sheet ends where the keyboard begins, also where the browser lays the keyboard over the page. */
function followKeyboard() {
  const viewport = window.visualViewport
  if (!viewport) return
  const root = document.documentElement.style
  const fit = () => {
    const keys = Math.max(0, window.innerHeight - viewport.height - viewport.offsetTop)
    if (viewport.scale > 1.01) return // zoomed in by fingers, no keyboard
    root.setProperty('--keys', `${Math.round(keys)}px`)
    root.setProperty('--page-h', keys > 80 ? `${Math.round(viewport.height)}px` : '100dvh')
  }
  viewport.addEventListener('resize', fit)
  viewport.addEventListener('scroll', fit)
}

await loadCatalogue()
followKeyboard()
const place = document.getElementById('page')
place.replaceChildren()
render(html`<${Page} />`, place)
