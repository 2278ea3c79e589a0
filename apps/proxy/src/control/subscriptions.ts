// Who waits for a destination's first answer. Calls for one name wait together, names asked for within one turn of
// the event loop go out in one message, and what was not answered is asked for again with the next hello.

/** Names asked for and not answered; beyond that the oldest are forgotten, and their callers answered in vain. */
const MOST_UNANSWERED = 1_000

interface Waiting {
  callers: Set<() => void>
}

export class Subscriptions {
  readonly #subscribe: (names: string[]) => void
  readonly #waiting = new Map<string, Waiting>()
  #unsent: string[] = []

  /** `subscribe` gets resource names, `destination/<N>`. */
  constructor(subscribe: (names: string[]) => void) {
    this.#subscribe = subscribe
  }

  /** Resolves when the name is answered, or after `timeoutMs`, whichever comes first. */
  wait(name: string, timeoutMs: number): Promise<void> {
    const known = this.#waiting.get(name)
    const waiting = known ?? { callers: new Set() }
    if (known === undefined) this.#ask(name, waiting)
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        waiting.callers.delete(done)
        resolve()
      }
      const timer = setTimeout(done, timeoutMs)
      waiting.callers.add(done)
    })
  }

  /** Ends the waiting for every name that `isHeld` now. */
  answered(isHeld: (name: string) => boolean): void {
    for (const [name, { callers }] of this.#waiting) {
      if (!isHeld(name)) continue
      this.#waiting.delete(name)
      for (const done of callers) done()
    }
  }

  /** Resource names that nobody has answered. */
  unanswered(): string[] {
    return Array.from(this.#waiting.keys(), (name) => `destination/${name}`)
  }

  #ask(name: string, waiting: Waiting): void {
    for (const [oldest, { callers }] of this.#waiting) {
      if (this.#waiting.size < MOST_UNANSWERED) break
      this.#waiting.delete(oldest)
      for (const done of callers) done()
    }
    this.#waiting.set(name, waiting)
    this.#unsent.push(`destination/${name}`)
    if (this.#unsent.length === 1) {
      setImmediate(() => {
        const names = this.#unsent
        this.#unsent = []
        this.#subscribe(names)
      })
    }
  }
}
