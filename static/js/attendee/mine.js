// My questions: what became of each, and what I can still do with it.

import {n, t} from '../i18n.js'
import {Button, Dialog, State} from '../ui.js'
import {html, useState} from '../vendor.js'
import {change, composer, cut, discard, draft, outbox, status, vote, withdraw} from './state.js'
import {way} from './words.js'

const Way = ({steps, kept}) => html`<span class=${`way${kept ? ' way--kept' : ''}`} aria-hidden="true">
  ${[1, 2, 3, 4].map(step => html`<i class=${step <= steps ? 'on' : ''}></i>`)}</span>`

const OPEN = new Set(['review', 'public', 'queued', 'live'])

function Mine({id, question, view}) {
  const [open, setOpen] = useState(false)
  const [asking, ask] = useState(false)
  const [reading, read] = useState(false)
  const {steps, icon, tone, text, merged} = way(view, id, question)
  const shown = view.questions[id]
  const votes = shown ? vote(id, shown, view.me).votes : null
  const answer = question.answer ?? (question.state === 'merged' ? merged?.answer : undefined)
  const editable = question.state === 'review' && view.qa.state === 'open'
  return html`<li class="mine">
    <p class=${open ? '' : 'two'} lang=${question.language}>${question.text}</p>
    <div class="row">${steps !== null && html`<${Way} steps=${steps} />`}
      <${State} icon=${icon} tone=${tone}>${text}<//>
      ${votes !== null && OPEN.has(question.state) && html`<span class="meta">${n('{n} vote', '{n} votes', votes)}</span>`}
      ${answer && html`<button type="button" class="textlink" aria-expanded=${reading} onClick=${() => read(!reading)}>${reading ? t('Less') : t('Read')}</button>`}
      ${OPEN.has(question.state) && html`<${Button} kind="bare" class="menu" icon="ellipsis" aria-expanded=${open}
        label=${question.state === 'review' ? t('Edit or withdraw') : t('Withdraw')} onClick=${() => setOpen(!open)} />`}
    </div>
    ${reading && answer && html`<p class="answer" lang=${question.language}>${answer}</p>`}
    ${merged && open && html`<p class="answer" lang=${merged.language}>${merged.text}</p>`}
    ${open && OPEN.has(question.state) && html`<div class="acts">
      ${editable && html`<${Button} icon="pencil" onClick=${() => (composer.value = {mode: 'edit', id, text: question.text})}>${t('Edit')}<//>`}
      <${Button} icon="undo-2" disabled=${cut.value} onClick=${() => ask(true)}>${t('Withdraw')}<//>
    </div>`}
    ${asking && html`<${WithdrawDialog} id=${id} question=${question} close=${() => { ask(false); setOpen(false) }} />`}
  </li>`
}

/** Asks before what its author cannot take back. */
export function WithdrawDialog({id, question, close}) {
  return html`<${Dialog} title=${t('Withdraw this question?')} onClose=${close} actions=${html`
      <${Button} kind="bare" onClick=${close}>${t('Keep it')}<//>
      <${Button} kind="main" onClick=${() => { close(); withdraw(id) }}>${t('Withdraw')}<//>`}>
    <p lang=${question.language}>${question.text}</p><p>${t('It leaves the list and the queue. Its votes are lost.')}</p><//>`
}

/** One that the server does not have yet, or refused. */
function Kept({item}) {
  const again = () => {
    discard(item.id)
    change({text: item.payload.text, to: item.payload.to ?? [], aloud: item.payload.aloud ?? false})
    composer.value = {mode: 'ask'}
  }
  return html`<li class="mine"><p class="two">${item.payload.text}</p>
    <div class="row"><${Way} steps=${0} kept />
      ${item.error ? html`<${State} icon="circle-x" tone="bad">${t('Not sent: {why}', {why: item.error.message})}<//>`
        : status.value.online ? html`<${State} icon="send-horizontal">${t('Sending')}<//>`
          : html`<${State} icon="wifi-off">${t('Kept on this phone, not sent yet')}<//>`}</div>
    ${(item.error || !status.value.online) && html`<div class="acts">
      ${!draft.value.text && html`<${Button} icon="pencil" onClick=${again}>${item.error ? t('Change and send again') : t('Change')}<//>`}
      ${item.error && html`<${Button} kind="bare" icon="x" onClick=${() => discard(item.id)}>${t('Discard')}<//>`}</div>`}
  </li>`
}

export function MyQuestions({view}) {
  // the server's word of a question may come a moment before the answer to who sent it: one card, not two
  const arrived = new Set(Object.values(view.me.questions).map(question => bare(question.text)))
  const waiting = outbox.value.filter(item => item.type === 'question:ask' && (item.error || !arrived.has(bare(item.payload.text))))
  // the one on air stands above
  const mine = Object.entries(view.me.questions).filter(([, question]) => question.state !== 'live').sort(([, a], [, b]) => rank(a) - rank(b) || b.n - a.n)
  if (!waiting.length && !mine.length) return null
  return html`<section aria-labelledby="mine-h"><div class="sec"><h2 id="mine-h">${t('My questions')}</h2></div><ul>
    ${waiting.map(item => html`<${Kept} key=${item.id} item=${item} />`)}
    ${mine.map(([id, question]) => html`<${Mine} key=${id} id=${id} question=${question} view=${view} />`)}</ul></section>`
}

const bare = text => text.replace(/\s+/g, ' ').trim()

/** What still goes on comes first, then what has an end. */
const rank = question => (OPEN.has(question.state) ? 0 : question.state === 'withdrawn' ? 2 : 1)

