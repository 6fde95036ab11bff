// Tells the moderators about every 10 s how this screen is doing; silent while hidden, after saying so once.

import {effect, useEffect} from '../vendor.js'
import {power} from './devices.js'

const EVERY_MS = 10_000

/**
 * @param drawn () -> the server's time when the screen last drew, in ms; null before the first drawing
 * @param kind what page this is: speaker, greenroom, screen or overlay
 */
export function startReports(connection, drawn, kind) {
  let timer = null, over = false
  const round = value => (Number.isFinite(value) ? Math.round(value * 10) / 10 : undefined)
  async function report() {
    if (over || !connection.status.value.online || !connection.view.value) return
    const payload = {
      delay_ms: round(connection.delay.value), offset_ms: round(connection.offset.value), drawn_at: drawn() ?? undefined,
      power: await power(), visible: document.visibilityState === 'visible', kind,
    }
    for (const key of Object.keys(payload)) if (payload[key] === undefined) delete payload[key]
    if (payload.delay_ms < 0) delete payload.delay_ms
    try {
      // Not worth repeating: the next one is fresher.
      await connection.send('report', payload, {once: true})
    } catch { /* the server is away; connect knows */ }
  }
  function again() {
    clearTimeout(timer)
    if (over) return
    report()
    // Not all screens of a house in the same instant.
    if (document.visibilityState === 'visible') timer = setTimeout(again, EVERY_MS * (0.9 + 0.2 * Math.random()))
  }
  document.addEventListener('visibilitychange', again)
  // At once when the connection is there, and again when the clock is measured: then the delay is known.
  let known = ''
  const stop = effect(() => {
    const now = `${connection.status.value.online} ${connection.delay.value != null}`
    if (now !== known && connection.status.value.online) queueMicrotask(again)
    known = now
  })
  return () => {
    over = true
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', again)
    stop()
  }
}

export function useReports(connection, drawn, kind) {
  useEffect(() => startReports(connection, drawn, kind), [connection])
}
