// Rows into partitions by COPY, each partition before it has an index and is attached: twice as fast as through the table.
// A partition that is there already is written through its table.
import { METRICS_TABLES, type MetricsTable, partitionName, periodStart } from '@heddle/db/metrics/tables'
import { Client } from 'pg'
import { CopyIn } from './copy.ts'
import type { WriteRow } from './rows.ts'

interface Open {
  start: number
  copy: CopyIn
  /** Not attached yet. */
  isNew: boolean
}

/** One table: rows come in the order of time. */
class TableWriter {
  readonly #table: MetricsTable
  readonly #client: Client
  /** Partitions that are full are closed one after another, while rows of the next wait here. */
  #waiting: { at: number; line: string }[] = []
  #open: Open | undefined
  rows = 0

  constructor(table: MetricsTable, client: Client) {
    this.#table = table
    this.#client = client
  }

  write(at: number, line: string): void {
    this.rows++
    const start = periodStart(this.#table.period, at)
    if (this.#open?.start === start && this.#waiting.length === 0) this.#open.copy.write(line)
    else this.#waiting.push({ at, line })
  }

  async drained(): Promise<void> {
    while (this.#waiting.length > 0) {
      const [first] = this.#waiting
      if (first === undefined) break
      const start = periodStart(this.#table.period, first.at)
      if (this.#open?.start !== start) {
        await this.#close()
        await this.#begin(start)
      }
      const later = this.#waiting.findIndex(({ at }) => periodStart(this.#table.period, at) !== start)
      const own = this.#waiting.splice(0, later === -1 ? this.#waiting.length : later)
      for (const { line } of own) this.#open?.copy.write(line)
    }
    await this.#open?.copy.drained()
  }

  async end(): Promise<void> {
    await this.drained()
    await this.#close()
  }

  #nameOf(start: number): string {
    return `"metrics"."${partitionName(this.#table, start)}"`
  }

  async #begin(start: number): Promise<void> {
    const name = this.#nameOf(start)
    const { rows } = await this.#client.query<{ known: string | null }>('SELECT to_regclass($1)::text AS known', [name])
    const isNew = rows[0]?.known == null
    await this.#client.query('BEGIN')
    if (isNew)
      await this.#client.query(
        `CREATE TABLE ${name} (LIKE "metrics"."${this.#table.name}" INCLUDING ALL EXCLUDING INDEXES) WITH (fillfactor = 60)`,
      )
    const target = isNew ? name : `"metrics"."${this.#table.name}"`
    const copy = await CopyIn.start(this.#client, `COPY ${target} FROM STDIN ${isNew ? '(FREEZE)' : ''}`)
    this.#open = { start, copy, isNew }
  }

  async #close(): Promise<void> {
    if (this.#open === undefined) return
    const { start, copy, isNew } = this.#open
    this.#open = undefined
    await copy.end()
    if (isNew) {
      const [from, to] = [start, periodStart(this.#table.period, start, 1)].map((at) => new Date(at).toISOString())
      // Attaching makes the table's indexes on it.
      await this.#client.query(
        `ALTER TABLE "metrics"."${this.#table.name}" ATTACH PARTITION ${this.#nameOf(start)} FOR VALUES FROM ('${from}') TO ('${to}')`,
      )
    }
    await this.#client.query('COMMIT')
  }
}

export interface MetricsWriters extends AsyncDisposable {
  write: WriteRow
  /** Waits until Postgres has taken most of what was written. */
  drained(): Promise<void>
  /** Everything is committed and attached. */
  end(): Promise<void>
  rows(): number
}

/** A connection for each table, so that all of them are filled at once. */
export async function openWriters(url: string): Promise<MetricsWriters> {
  const clients: Client[] = []
  const writers = new Map<string, TableWriter>()
  for (const table of METRICS_TABLES) {
    const client = new Client({ connectionString: url, application_name: 'heddle seed' })
    // A connection that breaks shows in the copy that it carries.
    client.on('error', () => {})
    await client.connect()
    await client.query('SET synchronous_commit = off')
    await client.query("SET maintenance_work_mem = '128MB'")
    clients.push(client)
    writers.set(table.name, new TableWriter(table, client))
  }
  return {
    write: (table, at, line) => writers.get(table)?.write(at, line),
    drained: async () => {
      for (const writer of writers.values()) await writer.drained()
    },
    end: async () => {
      for (const writer of writers.values()) await writer.end()
    },
    rows: () => [...writers.values()].reduce((sum, writer) => sum + writer.rows, 0),
    async [Symbol.asyncDispose]() {
      await Promise.all(clients.map((client) => client.end().catch(() => {})))
    },
  }
}
