// The server's clock on a screen, measured over a network that delays.
import assert from 'node:assert/strict'
import {test} from 'node:test'

globalThis.document ??= {addEventListener() {}, documentElement: {dataset: {}}}
const {createClock} = await import('../../static/js/clock.js')

/** A machine whose own clock is `wrong` ms off and stands still but for `pass`; and a server `delays` away (there, back). */
function world({wrong = 0, delays = [[10, 10]]} = {}) {
  const world = {perf: 1_000, truth: 1_600_000_000_000, turn: 0, pass(ms) {
    world.perf += ms
    world.truth += ms
  }}
  world.date = () => world.truth + wrong
  const roundTrip = async () => {
    const [there, back] = delays[world.turn++ % delays.length]
    world.pass(there)
    const now = world.truth
    world.pass(back)
    return now
  }
  world.clock = createClock(roundTrip, () => world.perf, world.date)
  world.error = () => world.clock.now() - world.truth
  return world
}

test('it finds the server’s time on a machine that is 90 s wrong', async () => {
  const here = world({wrong: 90_000})
  assert.equal(Math.round(here.error()), 90_000)
  assert.equal(await here.clock.sync(), true)
  assert.ok(Math.abs(here.error()) < 1)
  assert.equal(here.clock.offset.value, -90_000)
})

test('the shortest of several round trips wins', async () => {
  const here = world({delays: [[150, 20], [200, 40], [12, 10], [180, 60], [90, 10], [140, 30]]})
  await here.clock.sync()
  assert.ok(Math.abs(here.error()) <= 1.5, `error ${here.error()}`)
  assert.equal(here.clock.delay.value, 11)
})

test('a later, slower measurement does not spoil a sharper one', async () => {
  const delays = [[10, 10]]
  const here = world({delays})
  await here.clock.sync()
  delays[0] = [400, 20]
  here.pass(60_000)
  await here.clock.sync()
  here.pass(30_000)
  assert.ok(Math.abs(here.error()) < 15, `error ${here.error()}`)
})

test('a small correction is slewed: the shown time never goes back', async () => {
  const here = world()
  await here.clock.sync()
  here.truth -= 800 // the server’s clock is 0.8 s earlier than we thought
  await here.clock.sync()
  let last = here.clock.now()
  for (let i = 0; i < 200; i++) {
    here.pass(50)
    assert.ok(here.clock.now() > last, 'time went back')
    last = here.clock.now()
  }
  assert.ok(Math.abs(here.error()) < 25, `error ${here.error()}`)
})

test('after sleep, in which the monotonic clock stood still, the time is right before the network is back', async () => {
  const here = world()
  await here.clock.sync()
  here.truth += 600_000 // ten minutes with the lid closed
  assert.equal(here.clock.slept(), true)
  assert.ok(Math.abs(here.error()) < 20, `error ${here.error()}`)
  assert.equal(here.clock.slept(), false)
})

test('before it was measured, the first frame gives the time', () => {
  const here = world({wrong: -90_000})
  here.clock.hint(here.truth - 40)
  assert.equal(Math.round(here.error()), -40)
  assert.equal(here.clock.known(), false)
})

test('without an answer it says so', async () => {
  const clock = createClock(() => Promise.reject(new Error('no network')), () => 0, () => 5)
  assert.equal(await clock.sync(), false)
  assert.equal(clock.known(), false)
})
