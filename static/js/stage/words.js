// Sentences that the stage pages share, each a whole so that it can be translated.

import {timeOfDay, timeOfDayWithSeconds} from '../format.js'
import {lang, n, t} from '../i18n.js'

/** "A", "A and B", "A, B and C" in the page's language. */
export function listOf(texts) {
  try {
    return new Intl.ListFormat(lang === 'en' ? 'en-GB' : lang, {type: 'conjunction'}).format(texts)
  } catch {
    return texts.join(', ')
  }
}

/** The names of a slot's or a question's speakers. */
export const namesOf = (view, ids) => listOf((ids ?? []).map(id => view.speakers?.[id]?.name).filter(Boolean))

/** "Mattia Adani, Lombardy Region" for one speaker; the names for several. */
export function speakersOf(view, ids) {
  const speakers = (ids ?? []).map(id => view.speakers?.[id]).filter(Boolean)
  if (speakers.length === 1) return [speakers[0].name, speakers[0].affiliation].filter(Boolean).join(', ')
  return listOf(speakers.map(speaker => speaker.name))
}

/** Who stands beside a slot in an agenda: its speakers; for a debate, all of them and who moderates. */
export function whoOf(view, slot) {
  const names = namesOf(view, slot.speakers)
  if (slot.kind !== 'debate') return names
  return names ? t('moderated by {names}', {names}) : t('with all speakers')
}

/** "Giulia, to Lia Voermans and Mattia Adani". */
export function byLine(view, question) {
  const speakers = namesOf(view, question.to)
  if (question.name && speakers) return t('{name}, to {speakers}', {name: question.name, speakers})
  if (question.name) return question.name
  return speakers ? t('To {speakers}', {speakers}) : ''
}

/** A length in words, rounded to what matters: "12 seconds", "3 minutes", "2 hours". */
export function ago(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 90) return n('{n} second', '{n} seconds', seconds)
  const minutes = Math.round(seconds / 60)
  if (minutes < 90) return n('{n} minute', '{n} minutes', minutes)
  return n('{n} hour', '{n} hours', Math.round(minutes / 60))
}

/** The day of an instant, when it is another than the one of `now`: "Tuesday 7 July". */
export function otherDay(ms, now, zone) {
  const options = {weekday: 'long', day: 'numeric', month: 'long', timeZone: zone}
  try {
    const format = new Intl.DateTimeFormat(lang === 'en' ? 'en-GB' : lang, options)
    return format.format(ms) === format.format(now) ? '' : format.format(ms)
  } catch {
    return ''
  }
}

/** "Tuesday 7 July 2020". */
export function dayOf(ms, zone) {
  const options = {weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: zone}
  try {
    return new Intl.DateTimeFormat(lang === 'en' ? 'en-GB' : lang, options).format(ms).replace(/,(?= \d)/, '')
  } catch {
    return ''
  }
}

/** "Brussels" of "Europe/Brussels". */
export const placeOf = zone => (zone ?? '').split('/').pop().replaceAll('_', ' ')

/** What became of the questions, the rows that are not zero: [[count, words]]. */
export function ledgerRows(ledger) {
  const rows = [
    ['on_air', count => n('answered on air', 'answered on air', count)],
    ['in_writing', count => n('answered in writing', 'answered in writing', count)],
    ['merged', count => n('merged with another', 'merged with another', count)],
    ['dismissed', count => n('not taken up', 'not taken up', count)],
    ['withdrawn', count => n('withdrawn by who asked', 'withdrawn by those who asked', count)],
    ['open', count => n('still open, to be answered in writing', 'still open, to be answered in writing', count)],
  ]
  return rows.filter(([key]) => ledger?.[key] > 0).map(([key, words]) => [ledger[key], words(ledger[key])])
}

/** "This screen lost the server 12 seconds ago …", or null while all is well. `synced`: when it last knew, server time. */
export function lostText(status, now, zone) {
  if (status.online !== false) return null
  const known = status.synced_at ?? status.since
  if (known == null) return t('No connection. The page tries again by itself.')
  return t('No connection for {time}. The countdown goes on; what is shown is as of {clock}.', {
    time: ago(now - known), clock: timeOfDayWithSeconds(known, zone)})
}

export {timeOfDay}
