// One connection per page: the view as a signal, commands with answers, the clock.
//
// The server sends a snapshot or a patch first and patches afterwards. A command keeps its id until it is answered, so
// repeating it after a broken connection cannot do it twice.

import {createClock, useClock} from './clock.js'
import {t} from './i18n.js'
import {merge} from './merge.js'
import {createOutbox} from './outbox.js'
import {batch, signal} from './vendor.js'
import {io} from '../vendor/socket.io/socket.io.js'

const RETRYABLE = new Set(['rate_limited', 'unavailable'])
const ACK_MS = 8_000 // an answer later than that is asked for again, with the same id
const CLOCK_MS = 5_000

/** 22 characters of A-Za-z0-9_-: 132 bits. */
export function newId() {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-'
  return Array.from(crypto.getRandomValues(new Uint8Array(22)), byte => alphabet[byte & 63]).join('')
}

const failure = (code, message) => ({ok: false, error: {code, message}})

/**
 * Connects as `role`. `key` and `attendee` are only for pages framed by another site; cookies carry them otherwise.
 * Returns
 * - `view`: signal of the role's view, null until the first frame;
 * - `status`: signal `{online, since?, synced_at?, refused?, trying}`: `since` is when the connection was lost and
 *   `synced_at` when the last word came, in server ms; `refused` is `{code, message}` when the server will not have us;
 * - `seq()`, `epoch()`: what is held; `now()`: the server's time in ms; `offset`, `delay`: signals of the clock;
 * - `send(type, payload, options) -> Promise<ack>`: see there; `outbox`: signal of what is kept to be sent;
 * - `retry()`: try again now; `close()`.
 */
export function connect({webinar, role, slot, key, attendee, name, lang = document.documentElement.lang} = {}) {
  const view = signal(null)
  const status = signal({online: false, trying: true})
  let epoch = null, seq = -1, ackSeq = -1, fresh = false
  let retryTimer = 0, refusals = 0, heardAt = null, silent = false // silent: a wake-up is being looked into
  const waiting = new Map() // id -> command not yet answered

  const socket = io({
    path: '/socket.io',
    transports: ['websocket', 'polling'],
    tryAllTransports: true, // a proxy that lets no websocket through still gets polling
    autoConnect: false,
    reconnectionDelay: 250,
    reconnectionDelayMax: 3_000,
    randomizationFactor: 0.5,
    timeout: 6_000,
    auth: callback => callback({
      webinar, role, lang, ...(slot && {slot}), ...(key && {key}), ...(attendee && {attendee}), ...(name?.() && {name: name()}),
      ...(epoch !== null && {since: {epoch, seq}}),
    }),
  })

  const clock = createClock(async () => {
    const ack = await socket.timeout(CLOCK_MS).emitWithAck('clock', {t0: Math.round(performance.now())})
    if (!ack.ok) throw new Error(ack.error?.code)
    return ack.now
  })
  const outbox = createOutbox(webinar, role)

  // ---- frames
  function apply(frame, state) {
    clock.hint(frame.now)
    heardAt = frame.now
    batch(() => {
      epoch = frame.epoch
      seq = fresh || state.snapshot ? frame.seq : Math.max(seq, frame.seq)
      view.value = state.view
      if (!status.value.online) status.value = {online: true, synced_at: frame.now}
    })
    if (fresh) return
    fresh = true
    refusals = 0
    flush()
  }

  socket.on('snapshot', frame => {
    if (frame.epoch !== epoch) ackSeq = -1
    apply(frame, {view: frame.view, snapshot: true})
  })
  socket.on('patch', frame => {
    if (view.value === null || frame.epoch !== epoch || frame.from > seq) return startOver()
    apply(frame, {view: merge(view.value, frame.patch)})
  })

  /** What is held does not fit what the server says: forget where we were and take a snapshot. */
  function startOver() {
    epoch = null
    reconnect()
  }

  // ---- the connection
  function lost(at) {
    fresh = false
    clock.stop()
    const {online, since, synced_at} = status.value
    if (online) status.value = {online: false, since: at, synced_at: heardAt ?? synced_at, trying: true}
    else if (since === undefined) status.value = {...status.value, since: at, trying: true}
  }

  function reconnect() {
    clearTimeout(retryTimer)
    socket.disconnect()
    socket.connect()
  }

  function retryIn(ms) {
    clearTimeout(retryTimer)
    retryTimer = setTimeout(() => socket.connect(), ms * (0.75 + Math.random() / 2))
  }

  socket.on('connect', () => {
    socket.io.engine.on('packet', () => {
      heardAt = Math.round(clock.now())
    })
    clock.sync().then(ok => ok && socket.connected && clock.start())
  })
  socket.on('disconnect', reason => {
    // a network that fell silent is noticed late: the truth is as old as the last word
    lost(reason === 'ping timeout' && heardAt ? heardAt : Math.round(clock.now()))
    // the library does not come back by itself after these
    if (reason === 'io server disconnect') retryIn(500)
  })
  socket.on('connect_error', error => {
    lost(Math.round(clock.now()))
    if (socket.active) return // no connection at all: the library tries again
    const code = error.data?.code ?? 'unavailable'
    if (RETRYABLE.has(code)) {
      refusals++
      const asked = (error.data?.retry_after_s ?? 0) * 1000
      retryIn(Math.max(asked, Math.min(500 * 2 ** refusals, 10_000)))
    } else {
      status.value = {...status.value, trying: false, refused: {code, message: error.data?.message || error.message}}
    }
  })

  /** Something woke up (network, screen, lid): connect at once, or make sure that the connection is alive. */
  async function wakeUp() {
    clock.slept()
    if (status.value.refused) return
    if (!socket.connected) return reconnect()
    if (silent) return
    silent = true
    const {ok} = await sendOnce('clock', {t0: Math.round(performance.now())}, 3_000)
    silent = false
    if (ok) {
      clock.sync()
    } else if (socket.connected) {
      lost(heardAt ?? Math.round(clock.now()))
      reconnect()
    }
  }
  const onVisible = () => document.hidden || wakeUp()
  const onOffline = () => {
    // the radio is off: say so now, not at the next ping
    lost(Math.round(clock.now()))
    socket.io.engine?.close()
  }
  const listeners = [
    [document, 'visibilitychange', onVisible],
    [window, 'pageshow', event => event.persisted && wakeUp()],
    [window, 'online', wakeUp],
    [window, 'offline', onOffline],
  ]
  for (const [target, name, listener] of listeners) target.addEventListener(name, listener)
  // a lid that was closed tells nobody: a second that took many
  const watch = setInterval(() => clock.slept() && wakeUp(), 2_000)

  // ---- commands
  /**
   * Sends a command and resolves to its ack, never rejects. `id` and `base` are added. Options:
   * - `once`: no repeating; without a connection the answer is `unavailable` at once (clock, similar, presence);
   * - `timeout`: ms after which the answer is `unavailable` and nothing is repeated any more (default: no end);
   * - `keep`: also kept in this browser until answered, so that a reload or a closed browser still sends it once.
   */
  function send(type, payload = {}, {once = false, timeout = 0, keep = false, id = newId()} = {}) {
    if (once) return sendOnce(type, payload, timeout || ACK_MS)
    const command = {type, payload: {base: Math.max(seq, ackSeq, 0), ...payload, id}, tries: 0}
    if (epoch === null) delete command.payload.base
    if (keep) outbox.add({id, type, payload, at: Math.round(clock.now()), kept_at: Date.now()})
    return new Promise(resolve => {
      command.resolve = ack => {
        clearTimeout(command.end)
        clearTimeout(command.timer)
        waiting.delete(id)
        resolve(ack)
      }
      if (timeout) {
        command.end = setTimeout(() => command.resolve(failure('unavailable', t('Not saved. Try again.'))), timeout)
      }
      waiting.set(id, command)
      if (fresh) attempt(id)
    }).then(ack => {
      if (keep) outbox.settle(id, ack)
      return ack
    })
  }

  async function sendOnce(type, payload, timeout) {
    if (!socket.connected) return failure('unavailable', t('No connection.'))
    try {
      return await socket.timeout(timeout).emitWithAck(type, payload)
    } catch {
      return failure('unavailable', t('No answer.'))
    }
  }

  function attempt(id) {
    const command = waiting.get(id)
    if (!command || !fresh) return // it goes out after the next first frame
    clearTimeout(command.timer)
    const turn = ++command.tries
    socket.timeout(ACK_MS).emit(command.type, command.payload, (missing, ack) => {
      if (!waiting.has(id) || command.tries !== turn) return
      if (missing || ack?.error?.code === 'unavailable') {
        const asked = (ack?.error?.retry_after_s ?? 0) * 1000
        const wait = Math.max(asked, Math.min(400 * 2 ** Math.min(turn, 5), 8_000))
        command.timer = setTimeout(attempt, wait * (0.75 + Math.random() / 2), id)
        return
      }
      if (ack.ok && ack.seq > ackSeq) ackSeq = ack.seq
      command.resolve(ack)
    })
  }

  /** After each first frame: what is unanswered goes out again, oldest first, and what this browser kept. */
  function flush() {
    for (const id of [...waiting.keys()]) attempt(id)
    for (const {id, type, payload} of outbox.due(view.value)) {
      if (!waiting.has(id)) send(type, payload, {id}).then(ack => outbox.settle(id, ack))
    }
  }

  useClock(clock)
  socket.connect()

  return {
    view, status, send, outbox: outbox.items,
    /** Forgets a kept command, and does not repeat it. */
    discard(id) {
      const command = waiting.get(id)
      if (command) clearTimeout(command.timer)
      waiting.delete(id)
      outbox.discard(id)
    },
    offset: clock.offset, delay: clock.delay,
    now: clock.now, seq: () => seq, epoch: () => epoch, id: () => socket.id,
    retry: () => {
      status.value = {...status.value, refused: undefined, trying: true}
      reconnect()
    },
    close() {
      clearInterval(watch)
      clearTimeout(retryTimer)
      clock.stop()
      for (const [target, name, listener] of listeners) target.removeEventListener(name, listener)
      socket.disconnect()
    },
  }
}
