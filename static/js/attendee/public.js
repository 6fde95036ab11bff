// The public questions: in an order that keeps still, with votes, search, and more than the view holds.

import {n, t} from '../i18n.js'
import {load, save} from '../storage.js'
import {Button, Dialog, Empty, Icon, Sign} from '../ui.js'
import {computed, html, signal, useEffect, useLayoutEffect, useRef, useState} from '../vendor.js'
import {WithdrawDialog} from './mine.js'
import {fetchQuestions} from './more.js'
import {cut, flag, flagged, toggleVote, view, vote} from './state.js'
import {onAirFor, slotList, toWhom} from './words.js'

const LONG = 160 // shorter texts cannot exceed six lines
const SEARCH_FROM = 12

const chosen = signal(null)
const query = signal('')
/** Until the debate starts no question is favoured for having come early. */
const debated = computed(() => {
  const current = view.value
  if (!current || current.timer.phase === 'ended') return true
  return slotList(current).some(slot => slot.kind === 'debate' && (slot.state === 'now' || slot.state === 'done'))
})
const sort = computed(() => (chosen.value === 'mixed' && debated.value ? null : chosen.value) ?? (debated.value ? 'popular' : 'mixed'))

const seed = load('seed') ?? Math.random().toString(36).slice(2)
save('seed', seed)

/** Each attendee's own order: the same at each look, another for everybody. */
function shuffled(id) {
  let hash = 2166136261
  for (const char of seed + id) hash = Math.imul(hash ^ char.codePointAt(0), 16777619)
  // mix: ids that differ in one place only must not stay neighbours
  hash = Math.imul(hash ^ (hash >>> 15), 2246822507)
  return (hash ^ (hash >>> 13)) >>> 0
}

const orders = {
  mixed: ([a], [b]) => shuffled(a) - shuffled(b),
  popular: ([, a], [, b]) => b.votes - a.votes || a.n - b.n,
  recent: ([, a], [, b]) => b.n - a.n,
}

const plain = text => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** The vote button: pressed is mine; never on my own question. */
export function Vote({id, question, me}) {
  const {voted, votes} = vote(id, question, me)
  const open = question.state !== 'answered'
  const label = n('{n} vote', '{n} votes', votes)
  return html`<button type="button" class="vote" aria-pressed=${String(voted)} disabled=${!open || cut.value}
      aria-label=${voted ? t('{votes}, yours among them. Take your vote back', {votes: label}) : t('{votes}. Vote for this question', {votes: label})}
      onClick=${() => toggleVote(id)}>
    <${Icon} name=${voted ? 'check' : 'chevron-up'} /><span aria-hidden="true">${votes}</span></button>`
}

function LongText({text, lang}) {
  const box = useRef(null)
  const [state, set] = useState('short') // short, cut, open
  useLayoutEffect(() => {
    set(text.length > LONG && box.current.scrollHeight > box.current.clientHeight + 2 ? 'cut' : 'short')
  }, [text])
  return html`<p ref=${box} class=${state === 'open' ? '' : 'six'} lang=${lang}>${text}</p>
    ${state !== 'short' && html`<button type="button" class="textlink" aria-expanded=${state === 'open'}
      onClick=${() => set(state === 'open' ? 'cut' : 'open')}>${state === 'open' ? t('Less') : t('More')}</button>`}`
}

function Flag({id}) {
  const [asking, ask] = useState(false)
  if (flagged.value.includes(id)) return html`<span class="meta">${t('Reported')}</span>`
  return html`<button type="button" class="flag" aria-label=${t('Report this question')} title=${t('Report this question')}
      disabled=${cut.value} onClick=${() => ask(true)}><${Icon} name="flag" small /></button>
    ${asking && html`<${Dialog} title=${t('Report this question?')} onClose=${() => ask(false)} actions=${html`
      <${Button} kind="bare" onClick=${() => ask(false)}>${t('Cancel')}<//>
      <${Button} kind="main" onClick=${() => { ask(false); flag(id) }}>${t('Report it')}<//>`}>
      <p>${t('Only the moderators see it. They decide whether it stays.')}</p><//>`}`
}

export function PublicQuestion({id, question, current}) {
  const queued = question.state === 'queued' && current.timer.phase !== 'ended'
  const place = queued ? current.queue.order.indexOf(id) + 1 : 0
  return html`<li class="pq" id=${`q-${id}`}>
    <div class="body"><${LongText} text=${question.text} lang=${question.language} />
      ${question.answer && html`<p class="answer" lang=${question.language}>${question.answer}</p>`}
      <div class="foot"><div class="meta">${question.name && html`<span>${question.name}</span>`}
        <span>${toWhom(current, question.to)}</span>${place > 0 && html`<span>${t('in the queue, number {n}', {n: place})}</span>`}
        ${question.merged > 0 && html`<span>${n('{n} more like it', '{n} more like it', question.merged)}</span>`}</div>
        <${Flag} id=${id} /></div></div>
    <${Vote} id=${id} question=${question} me=${current.me} /></li>`
}

/** The question on air, from whoever it is. */
export function OnAir({current}) {
  const id = current.live, question = id && current.questions[id]
  const whose = onAirFor(current)
  const mine = whose === 'own'
  const [asking, ask] = useState(false)
  if (!question) return null
  const sign = mine ? t('On air: your question') : whose ? t('On air, merged with your question') : t('On air')
  return html`<section class="onair" aria-label=${sign}>
    <${Sign}>${sign}<//>
    <p lang=${question.language}>${question.text}</p>
    <div class="line"><div class="meta">${question.name && !mine && html`<span>${question.name}</span>`}<span>${toWhom(current, question.to)}</span>
      <span>${n('{n} vote', '{n} votes', vote(id, question, current.me).votes)}</span></div>
      ${mine && html`<button type="button" class="textlink" disabled=${cut.value} onClick=${() => ask(true)}>${t('Withdraw')}</button>`}</div>
    ${asking && html`<${WithdrawDialog} id=${id} question=${question} close=${() => ask(false)} />`}</section>`
}

export function PublicQuestions({current}) {
  const order = useRef({key: '', ids: []})
  const top = useRef(null)
  const [, redraw] = useState(0)
  const more = useMore(current)

  const all = {...more.found, ...current.questions}
  const wanted = plain(query.value.trim())
  const eligible = Object.entries(all).filter(([id, question]) =>
    (question.state === 'public' || question.state === 'queued') && !current.me.questions[id]
    && (!wanted || plain(`${question.text} ${question.name ?? ''}`).includes(wanted)))
  const sorted = eligible.toSorted ? eligible.toSorted(orders[sort.value]) : [...eligible].sort(orders[sort.value])
  const ids = sorted.map(([id]) => id)

  // What is shown keeps its place until its reader asks for another order; what is new waits.
  const key = `${sort.value} ${wanted} ${more.pages}`
  const held = order.current
  if (held.key !== key || held.ids.every(id => !ids.includes(id))) order.current = {key, ids}
  const there = new Set(ids)
  const shown = order.current.ids.filter(id => there.has(id))
  const known = new Set(order.current.ids)
  const fresh = ids.filter(id => !known.has(id))
  const showFresh = () => {
    order.current = {key, ids: [...fresh, ...shown]}
    redraw(turn => turn + 1)
    top.current?.scrollIntoView({block: 'start', behavior: 'smooth'})
  }
  const choose = value => () => {
    chosen.value = value
    order.current = {key: '', ids: []}
    redraw(turn => turn + 1)
  }

  const answered = Object.entries(current.questions).filter(([id, question]) => question.state === 'answered' && !current.me.questions[id])
    .sort(([, a], [, b]) => (b.answered_at ?? b.n) - (a.answered_at ?? a.n))
  const sorts = [...(debated.value ? [] : [['mixed', t('Mixed')]]), ['popular', t('Popular')], ['recent', t('Recent')]]
  const total = shown.length + fresh.length
  return html`<section aria-labelledby="public-h" ref=${top}>
    <div class="sec"><h2 id="public-h">${t('Questions')} <span class="meta num">${more.bounded ? t('{n} and more', {n: total}) : total || ''}</span></h2>
      ${(total > 1 || wanted) && html`<span class="sort" role="group" aria-label=${t('Order')}>${sorts.map(([value, word]) =>
        html`<button type="button" aria-pressed=${String(sort.value === value)} onClick=${choose(value)}>${word}</button>`)}</span>`}</div>
    ${(total >= SEARCH_FROM || query.value) && html`<div class="find" role="search"><${Icon} name="search" />
      <input class="field" type="search" aria-label=${t('Search the questions')} placeholder=${t('Search')} autocomplete="off" enterkeyhint="search"
        value=${query.value} onInput=${event => { query.value = event.target.value }} />
      ${query.value && html`<${Button} kind="bare" icon="x" label=${t('Clear the search')} onClick=${() => { query.value = '' }} />`}</div>`}
    ${shown.length === 0 && (wanted
      ? html`<${Empty} title=${t('Nothing found')}>${t('No question has these words.')}<//>`
      : html`<${Empty} title=${Object.keys(current.me.questions).length ? t('No other questions yet') : t('No questions yet')}>${current.qa.state === 'open' ? t('The first one appears here. You can vote for it then.') : ''}<//>`)}
    <ul>${shown.map(id => html`<${PublicQuestion} key=${id} id=${id} question=${all[id]} current=${current} />`)}</ul>
    ${fresh.length > 0 && html`<div class="fresh"><${Button} icon="arrow-up" onClick=${showFresh}>${n('{n} new', '{n} new', fresh.length)}<//></div>`}
    ${more.bounded && html`<div class="facts-line"><${Button} icon="chevron-down" busy=${more.busy} disabled=${cut.value || more.busy} onClick=${more.next}>${t('Show more')}<//></div>`}
  </section>
  ${answered.length > 0 && html`<section aria-labelledby="answered-h"><div class="sec"><h2 id="answered-h">${t('Answered')} <span class="meta num">${answered.length}</span></h2></div>
    <ul>${answered.map(([id, question]) => html`<${PublicQuestion} key=${id} id=${id} question=${question} current=${current} />`)}</ul></section>`}`
}

/** Questions beyond the view's bounds, page by page from the server, and what a search finds there. */
function useMore(current) {
  const [found, setFound] = useState({})
  const [pages, setPages] = useState(0)
  const [after, setAfter] = useState(undefined) // undefined: not asked yet; null: no more
  const [busy, setBusy] = useState(false)
  const open = Object.values(current.questions).filter(question => question.state === 'public').length
  const overflow = open >= 75
  const by = sort.value === 'recent' ? 'recent' : 'votes'
  const q = query.value.trim()
  useEffect(() => {
    setAfter(undefined)
    setFound({})
    if (!overflow || !q) return
    const timer = setTimeout(next, 300, null)
    return () => clearTimeout(timer)
  }, [by, q, overflow])
  async function next(from = after) {
    setBusy(true)
    const page = await fetchQuestions({after: from || '', sort: by, q})
    setBusy(false)
    if (!page) return
    setFound(before => ({...before, ...page.questions}))
    setAfter(page.next)
    setPages(turn => turn + 1)
  }
  return {found, pages, busy, bounded: overflow && after !== null, next: () => next()}
}
