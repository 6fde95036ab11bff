// The moderator's message on a speaker's screen: a panel; urgent ones take the whole stage until they are seen.

import {t} from '../i18n.js'
import {Icon} from '../ui.js'
import {html, useEffect, useRef} from '../vendor.js'
import {useFit} from './fit.js'
import {ago} from './words.js'

const ICONS = {warn: 'triangle-alert', urgent: 'octagon-alert'}

/** @param small what of the clock stays in sight while an urgent message has the stage */
export function Message({message, now, onSeen, small}) {
  const urgent = message.level === 'urgent'
  const button = useRef(null)
  const box = useFit(urgent ? 2 : 0, `${message.id} ${message.text}`)
  // It interrupts: the keyboard is on "Seen" at once, unless somebody is writing.
  useEffect(() => {
    if (!document.activeElement?.matches?.('textarea,input')) button.current?.focus({preventScroll: true})
  }, [message.id])
  const from = {name: message.by, time: ago(now - message.sent_at)}
  return html`<section ref=${box} class=${`sp-msg${urgent ? ' sp-msg--urgent' : ''}`} role="alertdialog"
      aria-label=${t('Message from the moderator')} aria-describedby="msg-text">
    ${urgent && html`<span class="small num">${small}</span>`}
    <div><p id="msg-text">${ICONS[message.level] && html`<${Icon} name=${ICONS[message.level]} />`}${message.text}</p>
      <span class="from">${message.by ? t('from {name}, {time} ago', from) : t('from the moderator, {time} ago', from)}</span></div>
    ${onSeen && html`<button ref=${button} type="button" class="btn" onClick=${onSeen}><${Icon} name="check" /> ${t('Seen')}</button>`}
  </section>`
}
