// What was written and is not yet known to be received: kept in this browser until the server answers, so that a question
// typed in a tunnel is sent once, even when the page was closed meanwhile.

import {load, onStored, save} from './storage.js'
import {signal} from './vendor.js'

const ID_KEPT_MS = 50 * 60_000 // the server remembers ids for an hour at least

/**
 * `items` is a signal of `[{id, type, payload, at, error?}]`, oldest first; one with `error` was refused and waits for its
 * author to decide. `due(view)` gives those to send; `settle(id, ack)` takes the answer.
 */
export function createOutbox(webinar, role) {
  const key = `outbox:${webinar}:${role}`
  const items = signal(load(key, []))
  onStored(key, stored => (items.value = stored ?? []))

  function set(list) {
    items.value = list
    save(key, list.length ? list : null)
  }

  return {
    items,
    add(item) {
      set([...load(key, items.value).filter(other => other.id !== item.id), item])
    },
    discard(id) {
      set(items.value.filter(item => item.id !== id))
    },
    settle(id, ack) {
      if (ack.ok) set(items.value.filter(item => item.id !== id))
      else set(items.value.map(item => (item.id === id ? {...item, error: ack.error} : item)))
    },
    due(view) {
      const now = Date.now()
      const mine = Object.values(view?.me?.questions ?? {}).map(question => question.text)
      const arrived = items.value.filter(
        item => now - (item.kept_at ?? now) > ID_KEPT_MS && item.type === 'question:ask' && mine.includes(item.payload.text))
      // Too old for the server to know its id, and the question is there: it did arrive.
      if (arrived.length) set(items.value.filter(item => !arrived.includes(item)))
      return items.value.filter(item => !item.error)
    },
  }
}
