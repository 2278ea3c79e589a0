// The newest committed revision, told by Postgres: NOTIFY while the connection holds, a question after each reconnect.
import {
  CONFIG_CHANNEL,
  currentRevision,
  type Database,
  type Listener,
  listen,
  type Notice,
  readNotice,
} from '@heddle/db'
import { errorText, type Log } from '../log.ts'

export class ConfigWatch implements AsyncDisposable {
  #at: Notice | null = null
  readonly #listeners = new Set<() => void>()
  #listener: Listener | null = null
  #ended = false

  get revision(): number | null {
    return this.#at?.revision ?? null
  }

  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) }
  }

  async start(db: Database, log: Log): Promise<void> {
    const listener = await listen(db.url, CONFIG_CHANNEL, {
      onNotify: (payload) => this.#see(readNotice(payload)),
      onConnect: () => {
        currentRevision(db).then(
          (at) => this.#see(at),
          (error: unknown) => log('warn', 'the newest revision cannot be read', { error: errorText(error) }),
        )
      },
    })
    if (this.#ended) await listener[Symbol.asyncDispose]()
    else this.#listener = listener
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true
    this.#listeners.clear()
    await this.#listener?.[Symbol.asyncDispose]()
  }

  #see(at: Notice | undefined): void {
    if (at === undefined || (at.epoch === this.#at?.epoch && at.revision === this.#at.revision)) return
    this.#at = at
    for (const listener of this.#listeners) listener()
  }
}
