// The newest committed revision, told by Postgres: NOTIFY while the connection holds, a question after each reconnect.
import { CONFIG_CHANNEL, currentRevision, type Database, type Listener, listen } from '@heddle/db'
import { errorText, type Log } from '../log.ts'

export class ConfigWatch implements AsyncDisposable {
  #revision: number | null = null
  readonly #listeners = new Set<() => void>()
  #listener: Listener | null = null
  #ended = false

  get revision(): number | null {
    return this.#revision
  }

  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) }
  }

  async start(db: Database, log: Log): Promise<void> {
    const listener = await listen(db.url, CONFIG_CHANNEL, {
      onNotify: (payload) => this.#see(Number(payload)),
      onConnect: () => {
        currentRevision(db).then(
          ({ revision }) => this.#see(revision),
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

  #see(revision: number): void {
    if (!Number.isSafeInteger(revision) || revision === this.#revision) return
    this.#revision = revision
    for (const listener of this.#listeners) listener()
  }
}
