// What a stage page shows, worked out from the view and the moment. Pure: no DOM, no clock of its own, so it can be tested.
// Instants are epoch milliseconds on the server's clock, lengths seconds.

import {project, remaining, timeState} from '../timer.js'

/** The slots as a list in the agenda's order, each with its id. */
export const agenda = view => Object.entries(view.slots ?? {}).map(([id, slot]) => ({...slot, id})).sort((a, b) => a.order - b.order)

/** The slots as projected to `now`: {list: [slot with state and expected times], by: {id: slot}, end_expected_at, over_s}. */
export function projected(view, now) {
  const {slots, end_expected_at, over_s} = project(view, now)
  const list = agenda(view).map(slot => ({...slot, ...slots[slot.id]}))
  return {list, by: Object.fromEntries(list.map(slot => [slot.id, slot])), end_expected_at, over_s}
}

/** Do two slots have a speaker in common? */
export const shares = (a, b) => Boolean(a && b && a.speakers?.some(id => b.speakers?.includes(id)))

/**
 * Where the webinar is for one speaker's screen.
 * @param slot the screen's slot; none: a stage monitor that goes with whatever runs
 * @returns {mode, current, next, mine, list, over_s, end_expected_at}; `mode` is one of
 *   before · mine · wait · after · debate · skipped · ended; `mine` is the slot when this speaker is on (again), else null
 */
export function standing(view, now, slot = null) {
  const {list, by, over_s, end_expected_at} = projected(view, now)
  const own = slot ? by[slot] : null
  const current = by[view.timer.slot] ?? null
  const at = current ? list.indexOf(current) : -1
  const ahead = list.slice(at + 1).filter(each => each.state === 'next' || each.state === 'later')
  const base = {list, by, current, own, next: ahead[0] ?? null, over_s, end_expected_at}
  const isMine = each => each.id === own?.id || shares(each, own)
  const mine = own ? (ahead.find(isMine) ?? null) : (ahead[0] ?? null)
  if (view.timer.phase === 'ended') return {...base, mode: 'ended', mine: null}
  if (view.timer.phase === 'before' || !current) return {...base, mode: 'before', mine}
  if (current.kind === 'debate') return {...base, mode: 'debate', mine}
  if (!own || isMine(current)) return {...base, mode: 'mine', mine: current}
  if (mine) return {...base, mode: list.indexOf(own) <= at && own.state === 'done' ? 'after' : 'wait', mine}
  return {...base, mode: own.state === 'skipped' ? 'skipped' : 'after', mine: null}
}

/** The running clock: {left_s, state}; left_s is null before the start and after the end. */
export function clock(view, now) {
  const left = remaining(view.timer, now)
  return {left_s: left == null ? null : left / 1000, state: timeState(view.slots?.[view.timer.slot], view.timer, now)}
}

/** The state under which a clock was, or would be, if it were not paused: for colours that a pause must not hide. */
export function urgency(left_s, warn_s = 120, danger_s = 60) {
  if (left_s == null) return 'normal'
  if (left_s < 0) return 'overtime'
  if (left_s <= danger_s) return 'danger'
  return left_s <= warn_s ? 'warning' : 'normal'
}

/** The question on air with its own clock: {id, text, …, budget_s, left_s, state}; null when there is none. */
export function onAir(view, now) {
  const id = view.live
  const question = id ? view.questions?.[id] : null
  if (!question) return null
  const budget_s = question.budget_s ?? view.queue?.each_s ?? 150
  const left_s = view.live_since == null ? null : budget_s - (now - view.live_since) / 1000
  // An answer is short: its last fifth is its warning, the last fifteen seconds its danger.
  return {...question, id, budget_s, left_s, state: urgency(left_s, Math.max(20, budget_s / 5), 15)}
}

/** The next question of the queue, or null. */
export function upNext(view) {
  const id = view.queue?.order?.find(each => view.questions?.[each])
  return id ? {...view.questions[id], id} : null
}

/** The message that this screen has to show: to everybody, to the speakers, to this slot; null when there is none or it was seen. */
export function messageFor(view, slot, seen = {}) {
  const message = view.message
  if (!message?.text) return null
  if (slot != null && !['all', 'speakers', slot].includes(message.to)) return null
  if (slot != null && (message.seen?.[slot] != null || seen[message.id])) return null
  return message
}

/**
 * Is it time for answers in writing? Once no debate is to come and one was, once the wrap-up has closed the questions, and
 * after the end. `list`: the projected slots.
 */
export function writing(view, list) {
  if (view.timer.phase === 'ended' || view.qa?.reason === 'wrapup') return true
  const debates = list.filter(slot => slot.kind === 'debate')
  return debates.some(slot => slot.state === 'done') && debates.every(slot => slot.state === 'done' || slot.state === 'skipped')
}

const best = (a, b) => b.votes - a.votes || a.n - b.n

/**
 * The questions that a speaker can answer, best first: {mine: [...], all: [...]}, those addressed to this speaker and those
 * to nobody in particular. On air and answered on air are not among them; answered in writing stay, so that one sees it.
 */
export function questionsFor(view, slot) {
  const ids = slot ? (view.slots?.[slot]?.speakers ?? []) : Object.keys(view.speakers ?? {})
  // What was still on air at the end was not answered by it.
  const waits = ['public', 'queued', ...(view.timer.phase === 'ended' ? ['live'] : [])]
  const open = Object.entries(view.questions ?? {})
    .map(([id, question]) => ({...question, id}))
    .filter(question => waits.includes(question.state) || (question.state === 'answered' && question.answer))
  const mine = open.filter(question => question.to?.some(id => ids.includes(id))).sort(best)
  const all = open.filter(question => !question.to?.length).sort(best)
  return {mine, all}
}

/** The rows that an agenda of the stage shows when only `count` fit: those around the current one. `before`, `after`: how many are left out. */
export function around(list, current, count) {
  if (list.length <= count) return {rows: list, before: 0, after: 0}
  const at = Math.max(0, list.findIndex(slot => slot.id === current))
  const first = Math.max(0, Math.min(at - Math.floor((count - 1) / 3), list.length - count))
  return {rows: list.slice(first, first + count), before: first, after: list.length - first - count}
}

/** Bars of a show of hands: {total, bars: [{text, count, share}]}; share 0 to 1 of all answers. */
export function bars(hands) {
  const counts = hands.answers.map((_, index) => hands.counts?.[index] ?? 0)
  const total = counts.reduce((sum, count) => sum + count, 0)
  return {total, bars: hands.answers.map((text, index) => ({text, count: counts[index], share: total ? counts[index] / total : 0}))}
}
