// What a stage screen asks of the machine that it runs on: stay awake, fill the screen, make a sound, tell its power.

import {useEffect, useRef, useState} from '../vendor.js'

/**
 * Keeps the screen awake while the page is visible. Returns 'on', 'off' (refused, for now) or 'none' (the browser cannot).
 * The lock is lost with every change of tab and every closed lid, so it is asked for anew each time the page is seen.
 */
export function useAwake() {
  const [state, setState] = useState('wakeLock' in navigator ? 'off' : 'none')
  useEffect(() => {
    if (!('wakeLock' in navigator)) return
    let lock = null, over = false
    const ask = async () => {
      if (over || document.visibilityState !== 'visible' || (lock && !lock.released)) return
      try {
        lock = await navigator.wakeLock.request('screen')
        if (over) return void lock.release()
        setState('on')
        lock.addEventListener('release', () => !over && setState('off'))
      } catch {
        setState('off') // low battery, or no gesture yet: the next tap asks again
      }
    }
    ask()
    document.addEventListener('visibilitychange', ask)
    document.addEventListener('pointerdown', ask)
    return () => {
      over = true
      document.removeEventListener('visibilitychange', ask)
      document.removeEventListener('pointerdown', ask)
      lock?.release?.()
    }
  }, [])
  return state
}

/** [is full, toggle or null when the browser cannot]. */
export function useFullScreen() {
  const root = document.documentElement
  const can = Boolean(root.requestFullscreen || root.webkitRequestFullscreen)
  const current = () => document.fullscreenElement ?? document.webkitFullscreenElement ?? null
  const [full, setFull] = useState(Boolean(current()))
  useEffect(() => {
    const changed = () => setFull(Boolean(current()))
    document.addEventListener('fullscreenchange', changed)
    document.addEventListener('webkitfullscreenchange', changed)
    return () => {
      document.removeEventListener('fullscreenchange', changed)
      document.removeEventListener('webkitfullscreenchange', changed)
    }
  }, [])
  const toggle = async () => {
    try {
      if (current()) await (document.exitFullscreen ?? document.webkitExitFullscreen).call(document)
      else await (root.requestFullscreen ?? root.webkitRequestFullscreen).call(root)
    } catch { /* refused by the browser: the page stays as it is */ }
  }
  return [full, can ? toggle : null]
}

let audio = null

/** Sounds may only begin after a tap; this is called from one. Resolves to whether they can be heard now. */
export async function unlockSound() {
  const Context = window.AudioContext ?? window.webkitAudioContext
  if (!Context) return false
  audio ??= new Context()
  try {
    await audio.resume()
  } catch { /* not from a tap: the next one tries again */ }
  return audio.state === 'running'
}

export const soundUnlocked = () => audio?.state === 'running'

/** One soft note for the warning, two falling ones for zero. Nothing when sound is locked. */
export function ring(kind) {
  if (!soundUnlocked()) return false
  const notes = kind === 'zero' ? [[659, 0], [440, 0.32]] : [[587, 0]]
  for (const [pitch, after] of notes) {
    const at = audio.currentTime + after
    const tone = audio.createOscillator(), volume = audio.createGain()
    tone.type = 'sine'
    tone.frequency.value = pitch
    volume.gain.setValueAtTime(0, at)
    volume.gain.linearRampToValueAtTime(0.22, at + 0.02)
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.9)
    tone.connect(volume).connect(audio.destination)
    tone.start(at)
    tone.stop(at + 1)
  }
  return true
}

/**
 * Rings when the running slot's clock reaches its warning and its zero, each once. Not on the first drawing, not when time
 * was added or the slot changed: only when the clock ran there by itself.
 */
export function useRings(wanted, slot, state, deadline) {
  const last = useRef(null)
  useEffect(() => {
    const before = last.current
    last.current = {slot, state, deadline}
    if (!wanted || !before || before.slot !== slot || before.deadline !== deadline || before.state === state) return
    if (state === 'warning' || (state === 'danger' && before.state === 'normal')) ring('warning')
    if (state === 'overtime') ring('zero')
  }, [wanted, slot, state, deadline])
}

/** True while nobody touched the page for `ms`, from the start with `from`; a pointer, a touch, a key or a focused control ends it at once. */
export function useIdle(ms = 4000, enabled = true, from = false) {
  const [idle, setIdle] = useState(from)
  useEffect(() => {
    if (!enabled) return void setIdle(false)
    let timer
    const wake = () => {
      setIdle(false)
      clearTimeout(timer)
      timer = setTimeout(() => setIdle(true), ms)
    }
    const events = ['pointermove', 'pointerdown', 'touchstart', 'keydown', 'focusin']
    for (const event of events) window.addEventListener(event, wake, {passive: true})
    if (from) setIdle(true)
    else wake()
    return () => {
      clearTimeout(timer)
      for (const event of events) window.removeEventListener(event, wake)
    }
  }, [ms, enabled, from])
  return idle
}

/** Power in words that a moderator reads: "mains", "battery 43 %"; undefined where the browser does not tell. */
export async function power() {
  try {
    const battery = await navigator.getBattery?.()
    if (!battery) return undefined
    const level = Math.round(battery.level * 100)
    return battery.charging ? (level < 100 ? `charging ${level} %` : 'mains') : `battery ${level} %`
  } catch {
    return undefined
  }
}
