import { expect, test } from 'vitest'
import { silentLog } from '../../test/silentLog.ts'
import { type Ending, EndingSequence } from './ending.ts'

interface Circumstances {
  hasParent?: boolean
  failsToDrain?: boolean
}

/** Steps that write down that they were taken, and wait where a test holds them. */
function newEnding({ hasParent = false, failsToDrain = false }: Circumstances = {}) {
  const steps: string[] = []
  const drained = Promise.withResolvers<void>()
  const appGone = Promise.withResolvers<void>()
  const take = (name: string, waiting?: Promise<void>) => async () => {
    steps.push(name)
    await waiting
  }
  const ending: Ending = {
    withdraw: take('withdraw'),
    drain: failsToDrain ? () => Promise.reject(new Error('a defect')) : take('drain', drained.promise),
    close: take('close'),
    tellDrained: take('drained'),
    hasParent: () => hasParent,
    appGone: take('wait for app', appGone.promise),
    endApp: take('end app'),
  }
  return { sequence: new EndingSequence(ending, silentLog), steps, drained, appGone }
}

const settle = () => new Promise(setImmediate)

// Beside an app: inbound is over before the parent is told, and outbound stays until the parent says stop.
test('drains for its parent and closes when told', async () => {
  const { sequence, steps, drained } = newEnding({ hasParent: true })
  sequence.drain()
  await settle()
  expect(steps).toEqual(['withdraw', 'drain'])
  drained.resolve()
  await settle()
  expect(steps).toEqual(['withdraw', 'drain', 'drained'])
  sequence.stop()
  await sequence.closed
  expect(steps.at(-1)).toBe('close')
})

// Ctrl-C in a terminal reaches the proxy too; with a parent only the parent decides.
test('leaves Ctrl-C to its parent', async () => {
  const { sequence, steps } = newEnding({ hasParent: true })
  sequence.signalled('SIGINT')
  await settle()
  expect(steps).toEqual([])
})

// A service manager signals every process of a service at once: the app's last calls still go through.
test('stays for the app when everything is signalled at once', async () => {
  const { sequence, steps, drained, appGone } = newEnding({ hasParent: true })
  sequence.signalled('SIGTERM')
  sequence.drain()
  drained.resolve()
  await settle()
  expect(steps).toContain('wait for app')
  expect(steps).not.toContain('close')
  appGone.resolve()
  await sequence.closed
  expect(steps.filter((step) => step === 'drain')).toHaveLength(1)
})

// After the drain the parent's SIGTERM ends the proxy.
test('closes on SIGTERM after a drain', async () => {
  const { sequence, steps, drained, appGone } = newEnding({ hasParent: true })
  drained.resolve()
  appGone.resolve()
  sequence.drain()
  await settle()
  sequence.signalled('SIGTERM')
  await sequence.closed
  expect(steps.filter((step) => step === 'withdraw')).toHaveLength(1)
})

// Alone, a signal drains and then closes; a second one does not wait.
test('drains alone, and not at the second signal', async () => {
  const { sequence, steps } = newEnding()
  sequence.signalled('SIGINT')
  await settle()
  expect(steps).toEqual(['withdraw', 'drain'])
  sequence.signalled('SIGINT')
  await sequence.closed
  expect(steps).toEqual(['withdraw', 'drain', 'close'])
})

// A parent that vanished without a word leaves nothing behind: neither the app nor the proxy.
test('ends the app where the parent vanished', async () => {
  const { sequence, steps, drained } = newEnding({ hasParent: false })
  drained.resolve()
  sequence.parentGone()
  await sequence.closed
  expect(steps).toEqual(['withdraw', 'drain', 'end app', 'close'])
})

// A parent that ends after it had said stop is no accident.
test('does not end the app after a stop', async () => {
  const { sequence, steps } = newEnding({ hasParent: true })
  sequence.stop()
  sequence.parentGone()
  await sequence.closed
  await settle()
  expect(steps).toEqual(['close'])
})

// A defect on the way does not keep the process from ending.
test('ends although draining failed', async () => {
  const { sequence, steps } = newEnding({ failsToDrain: true })
  sequence.signalled('SIGTERM')
  await sequence.closed
  expect(steps.at(-1)).toBe('close')
})
