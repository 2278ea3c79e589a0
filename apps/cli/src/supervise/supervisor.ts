// Keeps one part running: starts it, and starts it again with back-off when it ends without having been asked to.
import type { Clock } from '@heddle/shared/clock'
import { messageOf } from '../terminal/advice.ts'
import { describeExit, type Exit } from '../terminal/exitCodes.ts'
import { Backoff } from './backoff.ts'

export interface Running {
  readonly exited: Promise<Exit>
  /** Graceful; resolves when it has ended. */
  stop(): Promise<unknown>
}

export interface SuperviseOptions<R extends Running> {
  name: string
  /** Resolves once it is ready. Called again after each unasked end. */
  start: (signal: AbortSignal) => Promise<R>
  note: (line: string) => void
  clock: Clock
  random: () => number
  /** Waits, or returns early when the signal aborts. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>
}

export interface Supervised<R extends Running> {
  /** The one that runs now, or ran last. */
  readonly current: R
  stop(): Promise<void>
}

/** Throws what the first start throws: what never ran is a mistake to be told, not something to be tried for ever. */
export async function supervise<R extends Running>(options: SuperviseOptions<R>): Promise<Supervised<R>> {
  const { name, start, note, clock, random, sleep } = options
  const stopping = new AbortController()
  const backoff = new Backoff(random)
  let current = await start(stopping.signal)
  const watch = async (): Promise<void> => {
    let startedAt = clock.monotonic()
    let exit = describeExit(await current.exited)
    while (!stopping.signal.aborted) {
      const delayMs = backoff.next(clock.monotonic() - startedAt)
      note(`${name} ended (${exit}); starting it again in ${(delayMs / 1000).toFixed(1)} s`)
      await sleep(delayMs, stopping.signal)
      if (stopping.signal.aborted) return
      startedAt = clock.monotonic()
      try {
        current = await start(stopping.signal)
        // A start need not hear the signal, and stop() ended the one before: what came too late is ours to end.
        if (stopping.signal.aborted) {
          await current.stop()
          return
        }
        note(`${name} is back`)
        exit = describeExit(await current.exited)
      } catch (error) {
        exit = messageOf(error)
      }
    }
  }
  const watching = watch()
  return {
    get current() {
      return current
    },
    async stop() {
      stopping.abort()
      await Promise.all([current.stop(), watching])
    },
  }
}

/** For `SuperviseOptions.sleep`: real time. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}
