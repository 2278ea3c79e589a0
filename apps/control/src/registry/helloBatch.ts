// Hellos on their way to the registry, many in one statement: after a restart of the control plane all proxies come at
// once, and most of them say what the registry knows already.
import type { Registration } from '@heddle/db'

/** More would be a statement that holds its rows for long. */
const MAX_BATCH = 200

interface Waiting {
  registration: Registration
  resolve: (isKnown: boolean) => void
  reject: (error: unknown) => void
}

export class HelloBatch {
  readonly #write: (registrations: readonly Registration[]) => Promise<ReadonlySet<string>>
  #waiting: Waiting[] = []
  #isWriting = false

  /** `write` answers the instances of which nothing but the lease had to be written. */
  constructor(write: (registrations: readonly Registration[]) => Promise<ReadonlySet<string>>) {
    this.#write = write
  }

  /** Answers whether that was all; else the instance has to be registered by itself. Rejects where the write fails. */
  add(registration: Registration): Promise<boolean> {
    const { promise, resolve, reject } = Promise.withResolvers<boolean>()
    this.#waiting.push({ registration, resolve, reject })
    if (!this.#isWriting) {
      this.#isWriting = true
      // Those of the same moment go together.
      setImmediate(() => void this.#writeAll())
    }
    return promise
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, MAX_BATCH)
      try {
        const known = await this.#write(batch.map(({ registration }) => registration))
        for (const { registration, resolve } of batch) resolve(known.has(registration.instance))
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    this.#isWriting = false
  }
}
