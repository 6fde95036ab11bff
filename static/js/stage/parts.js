// What the stage pages share: the moment, big digits, the line that says what is known, the join code.

import {onSecond} from '../clock.js'
import {clockText} from '../format.js'
import {t} from '../i18n.js'
import {Icon} from '../ui.js'
import {html, useEffect, useState} from '../vendor.js'
import {lostText} from './words.js'

/**
 * Draws the component again whenever one of its shown seconds changes, and whenever the view does; returns the server's
 * time. `phases` are up to two instants to which the seconds belong (deadlines); wall time is always among them.
 */
export function useMoment(connection, phases = []) {
  const [, draw] = useState(0)
  const parts = [0, phases[0] ?? 0, phases[1] ?? 0].map(phase => ((phase % 1000) + 1000) % 1000)
  useEffect(() => {
    const redraw = () => draw(turn => turn + 1)
    const stops = [...new Set(parts)].map(phase => onSecond(redraw, phase))
    return () => stops.forEach(stop => stop())
  }, [connection, ...parts])
  return connection.now()
}

/** The largest figures of a page. Their size depends on how many there are, so it changes only when the count does. */
export function Figures({seconds, text = clockText(seconds), class: extra = '', timer = true}) {
  const role = timer ? {role: 'timer', 'aria-live': 'off'} : {}
  return html`<span class=${`digits num ${extra}`} data-glyphs=${glyphs(text)} ...${role}>${text}</span>`
}

export const glyphs = text => (text.length > 4 ? Math.min(text.length, 9) : 4)

/** What is known and how old it is: no connection, refused. Lies over the top, so that nothing moves. */
export function Known({connection, now, zone}) {
  const status = connection.status.value
  // Not before it lasted: a change of network is not news.
  const lasted = status.since == null || now - status.since > 1500
  if (status.refused) {
    return html`<div class="st-note" role="alert"><${Icon} name="lock" />${status.refused.message}</div>`
  }
  if (status.online || !lasted) return null
  if (!connection.view.value) return null
  return html`<div class="st-note" role="status"><${Icon} name="wifi-off" /><span>${lostText(status, now, zone)}</span></div>`
}

/** Before the first word of the server. */
export function Waiting({connection}) {
  const status = connection.status.value
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(setLate, 1200, true)
    return () => clearTimeout(timer)
  }, [])
  return html`<div class="stage sp-page"><div class="sp-box"><div></div><div class="sp-mid">
    ${status.refused
    ? html`<h2>${status.refused.message}</h2><p class="sub">${t('Ask the host for a new link.')}</p>
        <p class="sub"><button type="button" class="btn" onClick=${() => connection.retry()}>${t('Try again')}</button></p>`
    : late && html`<p class="lead" role="status">${t('Connecting. The page goes on trying by itself.')}</p>`}
  </div></div></div>`
}

/** The join code with its QR picture, which the server draws. */
export function Join({view, title, big}) {
  const {qr, joinHost} = document.documentElement.dataset
  const slug = view.webinar.slug
  const picture = html`<div class="qrbox"><img src=${qr || `/w/${slug}/qr.svg`} alt=${t('QR code that opens the question page')} /></div>`
  const host = joinHost || location.host
  if (big) {
    return html`<aside class="scr-side"><h2>${title}</h2>${picture}
      <div class="join"><p class="code">${view.webinar.join_code}</p><p class="url">${host}</p></div></aside>`
  }
  return html`<p class="join">${title}<b>${view.webinar.join_code}</b>${host}</p>${picture}`
}
