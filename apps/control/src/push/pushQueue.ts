// Gathers what changed for a moment, so that a burst of changes is one round of pushes.

import type { Cause } from './change.ts'
import type { Numbered } from './frames.ts'
import type { PushHub } from './hub.ts'
import type { PushSession } from './session.ts'

/** Together with the loader's wait well below the 100 ms that a change may take to leave. */
export const GATHER_MS = 20

export class PushQueue {
  readonly #hub: PushHub
  readonly #at: () => Numbered
  #names = new Set<string>()
  #causes: Cause[] = []
  #timer: NodeJS.Timeout | undefined

  /** `at`: the revision that the model is at. */
  constructor(hub: PushHub, at: () => Numbered) {
    this.#hub = hub
    this.#at = at
  }

  add(names: Iterable<string>, causes: readonly Cause[] = []): void {
    for (const name of names) this.#names.add(name)
    this.#causes.push(...causes)
    this.#timer ??= setTimeout(() => this.flush(), GATHER_MS)
  }

  /** Pushes now; answers the proxies that got something to acknowledge. */
  flush(): Set<PushSession> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const names = this.#names
    const causes = this.#causes
    this.#names = new Set()
    this.#causes = []
    return this.#hub.push(this.#at(), names, causes)
  }

  close(): void {
    clearTimeout(this.#timer)
  }
}
