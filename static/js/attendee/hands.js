// A show of hands, the call to speak, and a message from the host.

import {n, t} from '../i18n.js'
import {load, save} from '../storage.js'
import {Button, Icon, Notice} from '../ui.js'
import {html, useState} from '../vendor.js'
import {cut, handOnTheWay, raise} from './state.js'

export function Hands({view}) {
  const {hands, me} = view
  if (!hands) return null
  const way = handOnTheWay.value?.hands === hands.id ? handOnTheWay.value.answer : undefined
  const mine = way ?? me.hand
  const counts = hands.counts.map((count, i) => count + (way !== undefined && way !== me.hand ? (i === way) - (i === me.hand) : 0))
  const all = counts.reduce((sum, count) => sum + count, 0)
  return html`<section class="hands" aria-labelledby="hands-h">
    <span class="label">${hands.open ? t('Show of hands') : t('Show of hands, closed')}</span><h2 id="hands-h">${hands.text}</h2>
    <ul role="radiogroup" aria-labelledby="hands-h">${hands.answers.map((answer, i) => html`<li role="none" key=${i}>
      <button type="button" role="radio" aria-checked=${String(mine === i)} disabled=${!hands.open || cut.value}
        style=${{'--part': `${all ? (counts[i] / all * 100).toFixed(1) : 0}%`}} onClick=${() => mine !== i && raise(i, hands)}>
        ${mine === i ? html`<${Icon} name="circle-check" />` : html`<span class="dot"></span>`}<span>${answer}</span>
        <span class="num"><span class="vh">${n('{n} hand', '{n} hands', counts[i])}</span><span aria-hidden="true">${counts[i]}</span></span></button></li>`)}</ul></section>`
}

/** My question is called up: the host wants to hear it from me. */
export function Called({view}) {
  if (!view.call || !view.me.questions[view.call] || view.timer.phase === 'ended') return null
  return html`<section class="called" role="alert"><${Icon} name="mic" /><div>${t('Get ready to speak: you are next')}
    <p lang=${view.me.questions[view.call].language} class="two">${view.me.questions[view.call].text}</p></div></section>`
}

/** A message to everybody; who has read it may put it away. */
export function HostMessage({view}) {
  const {message} = view
  const key = `message:${view.webinar.slug}`
  const [hidden, hide] = useState(load(key))
  if (!message || message.to !== 'all' || hidden === message.id) return null
  const put = () => {
    save(key, message.id)
    hide(message.id)
  }
  return html`<${Notice} icon=${message.level === 'info' ? 'info' : 'bell'} role=${message.level === 'urgent' ? 'alert' : 'status'}
      tone=${{warn: 'warn', urgent: 'urgent'}[message.level]} title=${t('From the host')}
      action=${html`<${Button} kind="bare" icon="x" class="hide" label=${t('Put the message away')} onClick=${put} />`}>${message.text}<//>`
}
