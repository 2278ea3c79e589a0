// Whether the database is the one that this console was built for. It is asked until it is, and again after an error;
// procedures are refused until then, in one plain sentence.
import type { Clock } from '@heddle/shared/clock'
import { isDatabaseAway } from './databaseErrors.ts'
import { errorText, type Log } from './log.ts'

export type SchemaState = 'current' | 'behind' | 'ahead'

export interface GateState {
  ready: boolean
  /** A plain sentence, unless ready. */
  reason: string | null
}

const ASK_AGAIN_MS = 1_000

const SENTENCES: Record<Exclude<SchemaState, 'current'>, string> = {
  behind: 'The database is not migrated yet. A control plane does that when it starts; try again in a moment.',
  ahead: 'The database belongs to a newer Heddle than this console. Start the console of that version.',
}

export class SchemaGate {
  readonly #ask: () => Promise<SchemaState>
  readonly #clock: Clock
  readonly #log: Log
  #state: GateState = { ready: false, reason: 'The console has not asked the database yet.' }
  #askedAt = Number.NEGATIVE_INFINITY
  #asking: Promise<GateState> | null = null

  constructor(ask: () => Promise<SchemaState>, clock: Clock, log: Log) {
    this.#ask = ask
    this.#clock = clock
    this.#log = log
  }

  /** At most one question a second; once the schema is current it stays so until `doubt`. */
  check(): Promise<GateState> {
    const isFresh = this.#clock.monotonic() - this.#askedAt < ASK_AGAIN_MS
    if (this.#state.ready || isFresh) return Promise.resolve(this.#state)
    this.#asking ??= this.#question().finally(() => {
      this.#asking = null
    })
    return this.#asking
  }

  /** A query failed in a way that another schema would explain. */
  doubt(): void {
    this.#state = { ready: false, reason: 'The console asks the database for its version.' }
  }

  async #question(): Promise<GateState> {
    let next: GateState
    try {
      const state = await this.#ask()
      next = state === 'current' ? { ready: true, reason: null } : { ready: false, reason: SENTENCES[state] }
    } catch (error) {
      const away = isDatabaseAway(error)
      const reason = away ? 'The database does not answer.' : 'The database cannot be read; see the log of the console.'
      next = { ready: false, reason }
      if (!away) this.#log('error', 'the state of the database schema cannot be read', { error: errorText(error) })
    }
    if (next.reason !== this.#state.reason) {
      if (next.ready) this.#log('info', 'the database is the one that this console was built for')
      else this.#log('warn', next.reason ?? '')
    }
    this.#askedAt = this.#clock.monotonic()
    this.#state = next
    return next
  }
}
