// What instances have called is remembered in the database, so that it is preloaded when they come again.
// Written now and then, in batches; a loss costs one subscription each.
import { type Database, recordUsedDestinations, usedDestinations } from '@heddle/db'
import { parseDocumentName } from '../render/affected.ts'

const WRITE_MS = 5_000
/** Names waiting to be written; beyond it they are forgotten. */
const MAX_WAITING = 50_000

export class UsedDestinations {
  readonly #db: Database
  #waiting = new Map<string, Set<string>>()
  #count = 0
  readonly #timer: NodeJS.Timeout

  constructor(db: Database) {
    this.#db = db
    this.#timer = setInterval(() => void this.write(), WRITE_MS)
  }

  /** Names that the instance used before. */
  of(instance: string): Promise<string[]> {
    return usedDestinations(this.#db, instance)
  }

  /** `documents`: names of destination documents. */
  add(instance: string, documents: readonly string[]): void {
    for (const document of documents) {
      const name = parseDocumentName(document)
      if (name?.kind !== 'destination' || this.#count >= MAX_WAITING) continue
      const names = this.#waiting.get(instance) ?? new Set()
      this.#waiting.set(instance, names)
      if (!names.has(name.name)) this.#count++
      names.add(name.name)
    }
  }

  async write(): Promise<void> {
    const waiting = this.#waiting
    this.#waiting = new Map()
    this.#count = 0
    // The database is away: the next use is remembered again.
    for (const [instance, names] of waiting)
      await recordUsedDestinations(this.#db, instance, [...names]).catch(() => {})
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.write()
  }
}
