// The server's clock on this screen. The offset is measured (several round trips, the shortest wins), drawn with the
// monotonic `performance.now()`, and corrected smoothly: the shown time never goes back by a visible second.

import {signal} from './vendor.js'

const FIRST_SAMPLES = 6
const LATER_SAMPLES = 4
const EVERY_MS = 60_000
const SLEW = 0.1 // of elapsed time: a correction of 1 s takes 10 s
const JUMP_BACK_MS = 2_500 // further back than that is another truth (a rehearsal clock set anew): jump
const JUMP_AHEAD_MS = 400
const ASLEEP_MS = 2_000

/** Seconds of the server's clock in a second: more than 1 in a rehearsal that is to be over soon. */
export const RATE = Number(typeof document !== 'undefined' && document.documentElement?.dataset?.clockSpeed) || 1
const begun = Date.now()

const pause = ms => new Promise(resolve => setTimeout(resolve, ms))

/**
 * `roundTrip()` resolves to the server's `now` in ms, or rejects. Returns
 * `{now(), offset, delay, sync(), hint(now), start(), stop()}`: `offset` (server minus this machine's `Date.now()`, ms) and
 * `delay` (one way, ms) are signals, null until measured.
 */
export function createClock(roundTrip, perf = () => performance.now() * RATE, date = () => begun + (Date.now() - begun) * RATE) {
  const offset = signal(null), delay = signal(null)
  // Server time is perf() + shift. `target` is what the shift should be; `from` at `since` is where it was left.
  let target = date() - perf(), from = target, since = perf()
  let measured = null // {shift, error, at}: the last word, error is half its round trip
  let wall = date() - perf() // to notice sleep, in which perf() may stand still
  let timer = null, running = null, suspect = false

  function shift(at = perf()) {
    const gap = target - from
    const step = SLEW * (at - since)
    return Math.abs(gap) <= step ? target : from + Math.sign(gap) * step
  }

  function aim(value, jump = false) {
    const at = perf(), current = shift(at), gap = value - current
    from = jump || gap > JUMP_AHEAD_MS || gap < -JUMP_BACK_MS ? value : current
    since = at
    target = value
    offset.value = Math.round(value - (date() - at))
  }

  async function sample() {
    const sent = perf()
    const now = await roundTrip()
    const received = perf()
    return {shift: now - (sent + received) / 2, error: (received - sent) / 2, at: received}
  }

  async function measure() {
    let best = null
    const samples = measured ? LATER_SAMPLES : FIRST_SAMPLES
    for (let i = 0; i < samples; i++) {
      try {
        const taken = await sample()
        if (!best || taken.error < best.error) best = taken
      } catch {
        if (!best) return false
        break
      }
      if (i + 1 < samples) await pause(40 + 40 * i)
    }
    // A slow round trip only bounds the truth: keep the older, sharper value where it lies within the bounds.
    const old = measured
    const trusted = old && !suspect && best.at - old.at < 10 * EVERY_MS && old.error < best.error
    const value = trusted ? Math.min(Math.max(old.shift, best.shift - best.error), best.shift + best.error) : best.shift
    measured = {shift: value, error: trusted ? Math.max(old.error, 1) * 1.1 : best.error, at: best.at}
    aim(value, !old || suspect)
    wall = date() - perf()
    suspect = false
    delay.value = Math.round(best.error / RATE)
    return true
  }

  const clock = {
    offset, delay,
    /** The server's time in ms. */
    now: () => perf() + shift(),
    /** Whether it was measured, not only guessed. */
    known: () => measured !== null,
    /** Measures now; resolves to whether an answer came. */
    sync() {
      running ??= measure().finally(() => (running = null))
      return running
    },
    /** A frame said `now`: the server's clock was there when it was sent, so it is at least that late. */
    hint(now) {
      const floor = now - perf()
      if (!measured) {
        if (offset.value === null || floor > target || target - floor > JUMP_BACK_MS) aim(floor, true)
      } else if (floor > measured.shift + measured.error + 250) {
        suspect = true
        clock.sync()
      }
    },
    /** Called on wake-up and each second: true when the machine slept and the monotonic clock did not count it. */
    slept() {
      const ahead = date() - perf() - wall
      if (Math.abs(ahead) < ASLEEP_MS) return false
      wall += ahead
      suspect = true
      // Forward: it slept, most likely, and the countdown must not wait for the network. Backward: the user set the clock.
      if (ahead > 0) aim(target + ahead, true)
      return true
    },
    start() {
      clock.stop()
      timer = setInterval(() => clock.sync(), EVERY_MS)
    },
    stop() {
      clearInterval(timer)
    },
  }
  return clock
}

let shared = () => Date.now()

let known = () => true

/** Says which clock `onSecond` and `now()` follow; connect.js does it. */
export function useClock(clock) {
  shared = clock.now
  known = clock.known
  wake()
}

/** Whether the page's clock was measured against the server's. */
export const measured = () => known()

/** The server's time in ms by the page's clock. */
export const now = () => shared()

const listeners = new Set()

/**
 * Calls back, aligned to a frame, each time the shown second changes: when (now - phase) passes a whole second.
 * `phase` is an instant (a deadline, so that the digits change when it says), or a function that gives it; 0: wall time.
 * Returns a function that stops it.
 */
export function onSecond(callback, phase = 0) {
  const listener = {callback, phase: typeof phase === 'function' ? phase : () => phase, timer: 0, frame: 0}
  listeners.add(listener)
  schedule(listener)
  return () => {
    listeners.delete(listener)
    clearTimeout(listener.timer)
    cancelAnimationFrame(listener.frame)
  }
}

function schedule(listener) {
  clearTimeout(listener.timer)
  const past = (((shared() - (listener.phase() || 0)) % 1000) + 1000) % 1000
  // 2 ms past the boundary, so that a timer that is early by a hair does not draw the second before
  listener.timer = setTimeout(() => fire(listener), (1002 - past) / RATE)
}

function fire(listener) {
  const draw = () => {
    if (!listeners.has(listener)) return
    schedule(listener)
    listener.callback(shared())
  }
  cancelAnimationFrame(listener.frame)
  // hidden pages get no frames, and would stand still
  if (document.hidden) draw()
  else listener.frame = requestAnimationFrame(draw)
}

function wake() {
  for (const listener of listeners) fire(listener)
}

if (typeof document !== 'undefined') {
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) wake()
  })
}
