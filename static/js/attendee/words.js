// Sentences of the attendee's page that depend on the view.

import {timeOfDay} from '../format.js'
import {t} from '../i18n.js'

/** The slots as a list in the agenda's order, with their ids. */
export const slotList = view =>
  Object.entries(view.slots).map(([id, slot]) => ({id, ...slot})).sort((a, b) => a.order - b.order)

/** "Núñez", or the full name where two speakers share it. */
export function shortName(view, id) {
  const name = view.speakers[id]?.name ?? ''
  const last = name.split(/\s+/).at(-1)
  const shared = Object.entries(view.speakers).some(([other, {name: others}]) => other !== id && others.split(/\s+/).at(-1) === last)
  return shared ? name : last
}

/** "to Voermans, Adani", "to all speakers". */
export function toWhom(view, to) {
  const names = (to ?? []).filter(id => view.speakers[id]).map(id => shortName(view, id))
  return names.length ? t('to {names}', {names: names.join(', ')}) : t('to all speakers')
}

/** Who stands in a slot: "Mattia Adani, Lombardy Region", "Moderated by Antonio Novo". */
export function who(view, slot) {
  const people = slot.speakers.map(id => view.speakers[id]).filter(Boolean)
  if (!people.length) return ''
  if (slot.kind === 'debate' || slot.kind === 'wrapup' || slot.kind === 'welcome') {
    const names = people.map(person => person.name).join(', ')
    return slot.kind === 'debate' && people.length === 1 ? t('Moderated by {name}', {name: names}) : names
  }
  if (people.length > 1) return people.map(person => person.name).join(', ')
  return [people[0].name, people[0].affiliation].filter(Boolean).join(', ')
}

/** Why questions are closed, in a sentence with the time. */
export function whyClosed(view) {
  const zone = view.webinar.timezone
  const slots = slotList(view)
  const written = t('Open ones are answered in writing here.')
  const ended = slots.findLast(slot => slot.actual_end_at)?.actual_end_at ?? view.timer.end_expected_at
  switch (view.qa.reason) {
    case 'wrapup': {
      const debate = slots.findLast(slot => slot.kind === 'debate' && slot.actual_end_at)
      const wrapup = slots.find(slot => slot.kind === 'wrapup' && slot.actual_start_at)
      const at = debate?.actual_end_at ?? wrapup?.actual_start_at
      if (debate && at) return `${t('They closed when the debate ended at {time}.', {time: timeOfDay(at, zone)})} ${written}`
      if (at) return `${t('They closed when the wrap-up began at {time}.', {time: timeOfDay(at, zone)})} ${written}`
      return written
    }
    case 'ended':
      return `${t('They closed when the webinar ended at {time}.', {time: timeOfDay(ended, zone)})} ${written}`
    default:
      return t('The host has closed them for now. What you write stays on this phone.')
  }
}

/** Which of my questions is meant by what is on air: `own`, `merged` (mine was merged with it), or nothing. */
export function onAirFor(view) {
  if (!view.live) return ''
  const mine = view.me?.questions ?? {}
  if (mine[view.live]) return 'own'
  return Object.values(mine).some(question => question.state === 'merged' && question.merged_into === view.live) ? 'merged' : ''
}

/** The way of one's own question: {steps: how many of four, or null; icon, tone, text}. */
export function way(view, id, question) {
  const zone = view.webinar.timezone
  if (view.timer.phase === 'ended' && ['review', 'public', 'queued', 'live'].includes(question.state)) {
    return {steps: 2, icon: 'pen-line', text: t('Open, to be answered in writing')}
  }
  switch (question.state) {
    case 'review':
      return {steps: 1, icon: 'clock', text: t('Received, a moderator reads it')}
    case 'public':
      return {steps: 2, icon: 'check', text: t('Public, others can vote')}
    case 'queued': {
      const place = view.queue.order.indexOf(id) + 1
      return {steps: 3, icon: 'list-plus', text: place ? t('In the queue, number {n}', {n: place}) : t('In the queue')}
    }
    case 'live':
      return {steps: 4, icon: 'radio', tone: 'air', text: t('On air: your question')}
    case 'answered':
      if (question.answer) return {steps: 4, icon: 'pen-line', text: t('Answered in writing')}
      return {steps: 4, icon: 'circle-check', text: question.answered_at
        ? t('Answered in the debate, {time}', {time: timeOfDay(question.answered_at, zone)}) : t('Answered in the debate')}
    case 'merged': {
      const id = question.merged_into
      const target = view.questions[id] ?? view.me.questions[id] ?? question.followed
      if (!target) return {steps: null, icon: 'merge', text: t('Merged with another question')}
      const follows = {queued: 3, live: 4, answered: 4}[target.state] ?? 2
      const words = target.votes === undefined ? t('Merged with another question')
        : target.state === 'answered' ? t('Answered, merged with a question that has {n} votes', {n: target.votes})
          : t('Merged with a question that has {n} votes', {n: target.votes})
      const place = view.queue.order.indexOf(id) + 1
      const where = target.state === 'live' ? t('On air') : place ? t('In the queue, number {n}', {n: place}) : ''
      return {steps: follows, icon: 'merge', merged: target, text: where ? `${words} · ${where}` : words}
    }
    case 'withdrawn':
      return {steps: null, icon: 'undo-2', text: t('Withdrawn')}
    default:
      return {steps: null, icon: 'circle-x', text: question.reason
        ? t('Not taken up: “{reason}”', {reason: question.reason}) : t('Not taken up')}
  }
}
