// The speaker's own controls. While the talk runs they fade and leave their handle; a touch, a key or the mouse brings
// them back, and whatever has the keyboard's focus is always in sight.

import {t} from '../i18n.js'
import {Button, Icon} from '../ui.js'
import {html, useRef, useState} from '../vendor.js'
import {unlockSound} from './devices.js'

const SIGNALS = [
  ['ready', 'check', () => t('I am ready')],
  ['more_time', 'timer', () => t('One more minute')],
  ['problem', 'triangle-alert', () => t('Problem')],
]

/** The three signs to the moderator; the one given is pressed, and pressing it again takes it back. */
export function Signals({connection, given, only}) {
  const [sent, setSent] = useState(null) // what was pressed and is not yet known
  const [error, setError] = useState('')
  const online = connection.status.value.online
  const shown = sent ?? given
  async function give(signal) {
    const wish = shown === signal ? 'none' : signal
    setSent(wish)
    setError('')
    const ack = await connection.send('speaker:signal', {signal: wish}, {timeout: 10_000})
    if (!ack.ok) setError(ack.error?.message || t('Not saved. Try again.'))
    setSent(null)
  }
  return html`${SIGNALS.filter(([signal]) => !only || only.includes(signal)).map(([signal, icon, words]) => html`
    <${Button} key=${signal} icon=${signal === 'ready' && shown === 'ready' ? 'check-check' : icon} pressed=${shown === signal} disabled=${!online} onClick=${() => give(signal)}
      kind=${only?.[0] === signal && shown !== signal ? 'main' : ''}>${words()}<//>`)}
    ${error && html`<span class="state state--bad" role="alert">${error}</span>`}`
}

export function Controls({connection, away, full, onFull, mirror, onMirror, sound, onSound, dark, onTheme, panel, onPanel, count, signal, slot, awake}) {
  const bar = useRef(null)
  return html`<div class=${`sp-controls${away ? ' is-away' : ''}`}>
    <div class="bar" ref=${bar} role="toolbar" aria-label=${t('Controls')}>
      ${slot && html`<${Signals} connection=${connection} given=${signal} /><hr />`}
      ${onPanel && html`<${Button} icon="messages-square" pressed=${panel} onClick=${onPanel}>${t('Questions ({n})', {n: count})}<//>`}
      ${onFull && html`<${Button} icon=${full ? 'minimize' : 'maximize'} pressed=${full} onClick=${onFull}>${t('Full screen')}<//>`}
      <${Button} icon="flip-horizontal-2" pressed=${mirror} onClick=${onMirror}>${t('Mirror')}<//>
      <${Button} icon=${sound ? 'volume-2' : 'volume-x'} pressed=${sound} onClick=${async () => onSound(!sound && (await unlockSound()))}>${t('Sound')}<//>
      <${Button} icon="sun-moon" label=${dark ? t('Light') : t('Dark')} onClick=${onTheme} />
      ${awake === 'none' && html`<span class="note">${t('This browser cannot keep the screen awake.')}</span>`}
    </div>
    <button type="button" class="handle" tabindex="-1" aria-hidden=${away ? undefined : 'true'} aria-label=${t('Show the controls')}
      onClick=${() => bar.current?.querySelector('button')?.focus()}><${Icon} name="ellipsis" /></button>
  </div>`
}
