// When a stream that was refused is opened again. A browser does that by itself after a lost connection, every few
// seconds; after an answer that is no stream (a proxy in front of a console that is starting says 502) it never does.
// Time and randomness are arguments.

const FIRST_MS = 500
const LONGEST_MS = 5_000

/** Milliseconds until the next attempt after `failures` of them: between half and all of a doubling delay. */
export function reopenDelayMs(failures: number, random: number): number {
  const delayMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** failures)
  return delayMs / 2 + (delayMs / 2) * random
}

/** `lost`: connecting, and by a pace of its own again; `refused`: nobody tries any more; `left`: nobody should. */
export type Connection = 'open' | 'lost' | 'refused' | 'left'

export interface ReopeningOptions {
  reopen: () => void
  /** From 0 to 1. */
  random: () => number
  /** Calls `then` once after `ms`; what it returns forgets about it. */
  wait: (ms: number, then: () => void) => () => void
}

export class Reopening implements Disposable {
  readonly #options: ReopeningOptions
  #state: Connection = 'left'
  #failures = 0
  #forget: (() => void) | null = null

  constructor(options: ReopeningOptions) {
    this.#options = options
  }

  /** What became of the stream; called as often as one likes. */
  told(state: Connection): void {
    this.#state = state
    if (state === 'open') this.#failures = 0
    if (state === 'refused') this.#plan()
    else this.#calm()
  }

  /** Somebody looks at the page again, or there is a network again: no waiting now. */
  wake(): void {
    if (this.#state === 'lost' || this.#state === 'refused') this.#reopen()
  }

  [Symbol.dispose](): void {
    this.told('left')
  }

  #plan(): void {
    const { wait, random } = this.#options
    this.#forget ??= wait(reopenDelayMs(this.#failures++, random()), () => this.#reopen())
  }

  #reopen(): void {
    this.#calm()
    this.#options.reopen()
  }

  #calm(): void {
    this.#forget?.()
    this.#forget = null
  }
}
