// What the attendee's page holds: the connection, where one is on the page, the draft, and votes on their way.

import {connect} from '../connect.js'
import {t} from '../i18n.js'
import {load, save} from '../storage.js'
import {announce, toast} from '../ui.js'
import {batch, computed, effect, signal} from '../vendor.js'
import {onAirFor} from './words.js'

const page = document.documentElement.dataset
const slug = page.webinar

export const connection = connect({webinar: slug, role: 'attendee', lang: page.lang})
export const {status, send, outbox, discard} = connection

// ---- the view, still while a finger is down: nothing moves under it
const held = signal(false)
const lastShown = signal(null)
let release = 0
effect(() => {
  if (!held.value) lastShown.value = connection.view.value
})
/** The view that is drawn. */
export const view = computed(() => (held.value ? lastShown.value : connection.view.value))

/** Listens for fingers on `element`, and holds the view while one is down. */
export function holdWhileTouched(element) {
  const down = () => {
    clearTimeout(release)
    held.value = true
    release = setTimeout(up, 3_000) // a finger that rests must not stop the page for good
  }
  const up = () => {
    clearTimeout(release)
    release = setTimeout(() => (held.value = false), 120) // after the click that follows
  }
  element.addEventListener('pointerdown', down, {passive: true})
  for (const name of ['pointerup', 'pointercancel']) window.addEventListener(name, up, {passive: true})
}

// ---- where one is
export const tab = signal('questions')
/** null, or {mode: 'ask'} or {mode: 'edit', id, text}. */
export const composer = signal(null)
export const settings = signal(false)

/** Offline for so long that buttons that need the server are disabled (shorter breaks are bridged). */
export const cut = signal(false)
effect(() => {
  if (status.value.online) {
    cut.value = false
    return
  }
  const timer = setTimeout(() => (cut.value = true), 1_500)
  return () => clearTimeout(timer)
})

// ---- the draft, kept through a reload
const draftKey = `draft:${slug}`
export const draft = signal({text: '', to: [], aloud: false, ...load(draftKey)})
export const name = signal(load('name', ''))
export function change(fields) {
  draft.value = {...draft.value, ...fields}
  const {text, to, aloud} = draft.value
  save(draftKey, text || to.length || aloud ? draft.value : null)
}
export function rename(value) {
  name.value = value
  save('name', value || null)
}

// ---- votes, shown at once
const votesOnTheWay = signal({}) // id -> {want, base}: what was tapped, and the count at that moment

/** Whether I voted for the question and how many did, my tap already counted. */
export function vote(id, question, me) {
  const way = votesOnTheWay.value[id], voted = Boolean(me?.votes?.[id])
  if (!way) return {voted, votes: question.votes}
  return {voted: way.want, votes: way.want ? Math.max(question.votes, way.base + 1) : Math.min(question.votes, way.base - 1)}
}

function settleVote(id, way) {
  if (votesOnTheWay.value[id] !== way) return
  const {[id]: _, ...rest} = votesOnTheWay.value
  votesOnTheWay.value = rest
}

/** Votes, or takes the vote back. */
export async function toggleVote(id) {
  const current = connection.view.value
  const question = current?.questions[id]
  if (!question) return
  const before = vote(id, question, current.me)
  const mine = Boolean(current.me.votes[id])
  const want = !before.voted
  const way = {want, base: question.votes}
  // Tapped twice: back to where the server has it, or will have it
  votesOnTheWay.value = {...votesOnTheWay.value, [id]: want === mine ? {want, base: question.votes - (want ? 1 : -1)} : way}
  const mark = votesOnTheWay.value[id]
  const ack = await send(want ? 'question:vote' : 'question:unvote', {question: id})
  if (!ack.ok) {
    settleVote(id, mark)
    toast(ack.error.message || t('Not saved. Try again.'))
    return
  }
  // the count comes with the next shared patch: keep ours until then
  setTimeout(settleVote, 700, id, mark)
}

export const flagged = signal(load(`flagged:${slug}`, []))
export async function flag(id) {
  const ack = await send('question:flag', {question: id}, {timeout: 15_000})
  if (!ack.ok) return toast(ack.error.message || t('Not saved. Try again.'))
  flagged.value = [...flagged.value, id].slice(-500)
  save(`flagged:${slug}`, flagged.value)
  toast(t('Reported to the moderators.'))
}

export async function withdraw(id) {
  const ack = await send('question:withdraw', {question: id}, {timeout: 15_000})
  if (!ack.ok) toast(ack.error.message || t('Not saved. Try again.'))
  else announce(t('Withdrawn'))
}

export const handOnTheWay = signal(null)
export async function raise(index, hands) {
  handOnTheWay.value = {hands: hands.id, answer: index}
  const ack = await send('hands:answer', {answer: index}, {timeout: 15_000})
  if (!ack.ok) toast(ack.error.message || t('Not saved. Try again.'))
  setTimeout(() => (handOnTheWay.value = null), ack.ok ? 500 : 0)
}

// ---- what happens to my questions, said and felt
function buzz(pattern) {
  try {
    navigator.vibrate?.(pattern)
  } catch { /* not allowed before the first tap */ }
}

let before = null
effect(() => {
  const current = connection.view.value
  if (!current) return
  const mine = current.me?.questions ?? {}
  if (before) {
    const was = before.me?.questions ?? {}
    batch(() => {
      const onAir = current.live !== before.live && onAirFor(current)
      if (onAir) {
        buzz([200, 100, 200, 100, 400])
        announce(onAir === 'own' ? t('On air: your question') : t('On air, merged with your question'))
      }
      if (current.call && current.call !== before.call && current.call in mine) {
        buzz([300, 150, 300])
        announce(t('Get ready to speak: you are next'))
      }
      for (const [id, question] of Object.entries(mine)) {
        const old = was[id]?.state
        if (!old || old === question.state || question.state === 'live') continue
        if (question.state === 'public' && old === 'review') announce(t('Your question is public now.'))
        if (question.state === 'answered') announce(t('Your question is answered.'))
        if (question.state === 'dismissed') announce(t('Your question was not taken up.'))
      }
    })
  }
  before = current
})
