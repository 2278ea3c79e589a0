// The one way in which a proxy ends: it leaves the registry, its callers turn away, what is in flight ends, the app's
// own last calls go out, and then everything is closed. What differs is only who asks for which step.
//
//   with a parent:  drain → (drained) → the parent ends the app → stop, SIGTERM or its own end → closed
//   alone:          SIGTERM or SIGINT → withdrawn, drained → closed; a second signal does not wait
//   parent gone:    withdrawn, drained → the app's process group is ended → closed
import type { Log } from '../interfaces.ts'

/** Requests in flight have this long; below the 30 s that `heddle run` and most service managers grant in all. */
const DRAIN_MS = 25_000
/** As long as a stop may take where nobody asked for a drain first (`heddle run` kills after 10 s). */
const STOP_DRAIN_MS = 5_000
/** An app that is still there after SIGTERM calls out through us for at most this long. */
const APP_GRACE_MS = 25_000
/** An app whose supervisor has vanished is given this long between SIGTERM and SIGKILL. */
const ORPHAN_GRACE_MS = 10_000

/** The steps, each safe to call once. */
export interface Ending {
  /** Leaves the registry; resolves when the callers were told, within 2 s. */
  withdraw(): Promise<void>
  /** Ends what is in flight inbound; outbound goes on. */
  drain(deadlineMs: number): Promise<void>
  close(): Promise<void>
  tellDrained(): Promise<void>
  hasParent(): boolean
  /** Waits for the app's process group to be gone, at most so long; at once where there is none. */
  appGone(timeoutMs: number): Promise<unknown>
  endApp(graceMs: number): Promise<void>
}

export class EndingSequence {
  readonly #steps: Ending
  readonly #log: Log
  readonly #closed = Promise.withResolvers<void>()
  #draining: Promise<void> | undefined
  #isSignalled = false
  #isClosing = false

  constructor(steps: Ending, log: Log) {
    this.#steps = steps
    this.#log = log
  }

  /** Resolves when everything is closed. */
  get closed(): Promise<void> {
    return this.#closed.promise
  }

  /** The parent is about to end the app. */
  drain(): void {
    void this.#drain(DRAIN_MS).then(() => this.#steps.tellDrained())
  }

  /** The app has ended. */
  stop(): void {
    void this.#close('stop')
  }

  signalled(signal: 'SIGTERM' | 'SIGINT'): void {
    // The terminal's Ctrl-C is the parent's to interpret.
    if (signal === 'SIGINT' && this.#steps.hasParent()) return
    if (this.#isSignalled) {
      void this.#close(signal)
      return
    }
    this.#isSignalled = true
    // A service manager may signal every process of the service at once: the app still needs us while it ends.
    const hasParent = this.#steps.hasParent()
    void this.#drain(hasParent ? STOP_DRAIN_MS : DRAIN_MS)
      .then(() => this.#steps.tellDrained())
      .then(() => (hasParent ? this.#steps.appGone(APP_GRACE_MS) : undefined))
      .then(() => this.#close(signal))
  }

  /** The parent vanished: what it would have done is ours to do. */
  parentGone(): void {
    if (this.#isClosing) return
    this.#log.warn('the process that started this proxy is gone; ending the app and this proxy')
    void this.#drain(STOP_DRAIN_MS)
      .then(() => this.#steps.endApp(ORPHAN_GRACE_MS))
      .then(() => this.#close('parent gone'))
  }

  #drain(deadlineMs: number): Promise<void> {
    this.#draining ??= (async () => {
      await this.#steps.withdraw()
      await this.#steps.drain(deadlineMs)
    })().catch((error: unknown) => this.#log.error('draining failed', { reason: String(error) }))
    return this.#draining
  }

  async #close(reason: string): Promise<void> {
    if (this.#isClosing) return
    this.#isClosing = true
    this.#log.info('ending', { reason })
    try {
      await this.#steps.close()
    } catch (error) {
      this.#log.error('closing failed', { reason: String(error) })
    }
    this.#closed.resolve()
  }
}
