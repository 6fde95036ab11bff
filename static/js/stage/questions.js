// After their talk: the public questions addressed to a speaker, best first, with "I can answer this"; after the debate
// the written answers. What was typed stays in this browser until the moderator has it.

import {timeOfDay} from '../format.js'
import {n, t} from '../i18n.js'
import {load, save} from '../storage.js'
import {Button, State} from '../ui.js'
import {html, useEffect, useState} from '../vendor.js'
import {questionsFor} from './facts.js'

const keyOf = (view, slot) => `speaker ${view.webinar.slug} ${slot ?? ''}`

/** What this speaker offered and wrote, kept in the browser: [{offers: {id: true}, drafts: {id: {text, sent, at}}}, change]. */
export function useOwnNotes(view, slot) {
  const key = keyOf(view, slot)
  const [notes, setNotes] = useState(() => ({offers: {}, drafts: {}, ...load(key)}))
  const change = make => setNotes(old => {
    const next = make(old)
    save(key, next)
    return next
  })
  return [notes, change]
}

export function Questions({view, slot, connection, now, write}) {
  const [notes, change] = useOwnNotes(view, slot)
  const {mine, all} = questionsFor(view, slot)
  const row = question => html`<${Row} key=${question.id} ...${{question, view, slot, connection, notes, change, write, now}} />`
  if (!mine.length && !all.length) {
    return html`<div class="sp-list"><p class="empty">${write
      ? t('No question is waiting for an answer in writing.')
      : t('No questions for you yet. They appear here as soon as they are public.')}</p></div>`
  }
  return html`<div class="sp-list" tabindex="0" role="region" aria-label=${t('Questions')}>
    ${mine.length > 0 && html`<section><h3>${n('{n} question to you', '{n} questions to you', mine.length)}</h3>${mine.map(row)}</section>`}
    ${all.length > 0 && html`<section><h3>${n('{n} question to all speakers', '{n} questions to all speakers', all.length)}</h3>${all.map(row)}</section>`}
  </div>`
}

function Row({question, view, slot, connection, notes, change, write, now}) {
  const [error, setError] = useState('')
  const [busy, setBusy] = useState(false)
  const {id} = question
  const offered = question.offers ? question.offers.includes(slot) : Boolean(notes.offers[id])
  const done = question.state === 'answered'
  const online = connection.status.value.online

  async function offer() {
    const wish = !offered
    setError('')
    setBusy(true)
    const ack = await connection.send('question:offer', {question: id, offer: wish}, {timeout: 15_000})
    setBusy(false)
    if (!ack.ok) return setError(ack.error?.message || t('Not saved. Try again.'))
    change(old => ({...old, offers: {...old.offers, [id]: wish || undefined}}))
  }

  const [first, ...rest] = [
    question.name || t('without a name'), question.state === 'queued' && !write && t('in the queue'),
    question.slot && question.slot !== slot && view.slots[question.slot] && t('asked during {title}', {title: view.slots[question.slot].title}),
  ].filter(Boolean)
  return html`<div class="row">
    <div class="votes num">${question.votes}<small>${n('vote', 'votes', question.votes)}</small></div>
    <div><p class="text" lang=${question.language || undefined}>${question.text}</p>
      <p class="meta"><span>${first}</span>${rest.map(text => html`<span>${text}</span>`)}</p>
      ${error && html`<p class="state state--bad" role="alert">${error}</p>`}</div>
    ${done
    ? html`<${State} icon="check-check">${t('Answered in writing')}<//>`
    : !write && html`<${Button} icon=${offered ? 'check' : 'hand'} pressed=${offered} busy=${busy} disabled=${!online} onClick=${offer}>${t('I can answer this')}<//>`}
    ${done && question.answer && html`<div class="write"><p>${question.answer}</p></div>`}
    ${!done && write && html`<${Draft} ...${{question, notes, change, connection, view, now}} />`}
  </div>`
}

function Draft({question, notes, change, connection, view}) {
  const {id} = question
  const kept = notes.drafts[id] ?? {text: question.draft ?? '', sent: Boolean(question.draft)}
  const [text, setText] = useState(kept.text)
  const [state, setState] = useState(kept.sent ? 'sent' : kept.text ? 'kept' : 'new')
  const [error, setError] = useState('')
  const online = connection.status.value.online
  // What was being sent when the page was closed is sent now, once.
  useEffect(() => {
    if (kept.sending && kept.text) send(kept.text)
  }, [])

  function typed(value) {
    setText(value)
    setState('kept')
    change(old => ({...old, drafts: {...old.drafts, [id]: {text: value, sent: false}}}))
  }
  async function send(value) {
    setError('')
    setState('sending')
    change(old => ({...old, drafts: {...old.drafts, [id]: {text: value, sending: true}}}))
    const ack = await connection.send('question:draft', {question: id, text: value})
    if (!ack.ok) {
      setError(ack.error?.message || t('Not saved. Try again.'))
      setState('kept')
      return change(old => ({...old, drafts: {...old.drafts, [id]: {text: value, sent: false}}}))
    }
    setState('sent')
    change(old => ({...old, drafts: {...old.drafts, [id]: {text: value, sent: true, at: Math.round(connection.now())}}}))
  }
  const words = {
    new: '', kept: t('Kept on this device, not sent yet'), sending: online ? t('Sending') : t('Sent when the connection is back'),
    sent: kept.at ? t('With the moderator since {time}, who publishes it', {time: timeOfDay(kept.at, view.webinar.timezone)}) : t('With the moderator, who publishes it'),
  }
  return html`<div class="write">
    <label class="vh" for=${`draft-${id}`}>${t('Your answer in writing')}</label>
    <textarea id=${`draft-${id}`} class="field" value=${text} onInput=${event => typed(event.target.value)}
      aria-invalid=${error ? 'true' : undefined}></textarea>
    ${error && html`<p class="state state--bad" role="alert">${error}</p>`}
    <div class="line"><${Button} icon="send-horizontal" disabled=${!text.trim() || state === 'sent'} busy=${state === 'sending'}
      onClick=${() => send(text.trim())}>${state === 'sent' ? t('Sent') : t('Send to the moderator')}<//>
      <span class="meta" role="status">${words[state]}</span></div>
  </div>`
}
