import { FakeClock } from '@heddle/testkit/fakeClock'
import { expect, test } from 'vitest'
import type { Exit } from '../terminal/exitCodes.ts'
import { type Running, supervise } from './supervisor.ts'

/** Parts that end when the test says so, started through `start`. */
function stage() {
  const started: { end: (exit: Exit) => void; isStopped: boolean }[] = []
  const notes: string[] = []
  let failNext: Error | undefined
  let held: Promise<void> | undefined
  const start = async (): Promise<Running> => {
    const failure = failNext
    failNext = undefined
    if (failure !== undefined) throw failure
    await held
    const ended = Promise.withResolvers<Exit>()
    const entry = { end: ended.resolve, isStopped: false }
    started.push(entry)
    return {
      exited: ended.promise,
      stop: async () => {
        entry.isStopped = true
        ended.resolve({ code: 0, signal: null })
      },
    }
  }
  const options = {
    name: 'the part',
    start,
    note: (line: string) => notes.push(line),
    clock: new FakeClock(),
    random: () => 0,
    sleep: () => Promise.resolve(),
  }
  /** The next starts take until the returned function is called, and hear no signal. */
  const holdStarts = (): (() => void) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    held = promise
    return resolve
  }
  return { started, notes, options, failNext: (error: Error) => (failNext = error), holdStarts }
}

const turns = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve))
}

// A part that dies comes back, and the user is told of both.
test('what ends unasked is started again', async () => {
  const s = stage()
  const supervised = await supervise(s.options)
  s.started[0]?.end({ code: null, signal: 'SIGKILL' })
  await turns()
  expect(s.started).toHaveLength(2)
  expect(s.notes).toEqual(['the part ended (signal SIGKILL); starting it again in 0.1 s', 'the part is back'])
  await supervised.stop()
  expect(s.started[1]?.isStopped).toBe(true)
})

// While Postgres is away the control plane cannot start: it is tried again until it can.
test('a restart that fails is tried again', async () => {
  const s = stage()
  const supervised = await supervise(s.options)
  s.failNext(new Error('no database'))
  s.started[0]?.end({ code: 1, signal: null })
  await turns()
  expect(s.notes[1]).toBe('the part ended (no database); starting it again in 0.3 s')
  expect(s.started).toHaveLength(2)
  await supervised.stop()
})

// What was asked to end stays ended.
test('after stop nothing is started', async () => {
  const s = stage()
  const supervised = await supervise(s.options)
  await supervised.stop()
  await turns()
  expect(s.started).toHaveLength(1)
  expect(s.notes).toEqual([])
})

// Asked to end while a part comes back, whose start does not listen: it is ended as soon as it is there, and the end is
// reached. (It was left running, and `heddle up` waited for it for ever.)
test('what becomes ready after stop was asked is stopped too', async () => {
  const s = stage()
  const supervised = await supervise(s.options)
  const letStart = s.holdStarts()
  s.started[0]?.end({ code: null, signal: 'SIGKILL' })
  await turns()
  const stopped = supervised.stop()
  letStart()
  await stopped
  expect(s.started.map(({ isStopped }) => isStopped)).toEqual([true, true])
  expect(s.notes).not.toContain('the part is back')
})

// What cannot start the first time is a mistake to be told, not to be repeated.
test('a first start that fails is thrown', async () => {
  const s = stage()
  s.failNext(new Error('the port is busy'))
  await expect(supervise(s.options)).rejects.toThrow('the port is busy')
})
