// Adds the proxies' deltas to the three tables of each family, exactly once, in one transaction.
import { addOutcomes, addRuleHits, edgeKey, routeKey, ruleKey } from '@heddle/shared/metrics/mergeOutcomes'
import type { MetricsPayload } from '@heddle/shared/wire/metrics'
import type { PoolClient } from 'pg'
import type { Database } from '../connection/database.ts'
import { addEdges, addPatterns, addRoutes, addRules } from './insert.ts'
import { inTransaction, UncertainCommitError } from './inTransaction.ts'
import { mergeRows } from './merge.ts'
import { ensurePartitions } from './partitions.ts'
import { KEPT_MS, RESOLUTIONS_MS } from './tables.ts'

export interface MetricsDelta {
  instance: string
  service: string
  /** By the receiving control plane's clock, milliseconds since the epoch. */
  receivedAt: number
  /** Age of the payload's end when it was received. */
  ageMs: number
  payload: MetricsPayload
}

export interface CommittedDelta {
  delta: MetricsDelta
  /** false: it had been committed before, and counts nowhere again. Acknowledge it all the same. */
  isNew: boolean
  /** Start of its 10 s bucket, milliseconds since the epoch. */
  at: number
}

/** The answer to COMMIT was lost: whether these count shows when they are committed again, as repeated ones. */
export class UncertainDeltasError extends Error {
  /** Those that were new, and are counted if the commit was. */
  readonly deltas: readonly MetricsDelta[]
  constructor(deltas: readonly MetricsDelta[], cause: UncertainCommitError) {
    super(cause.message, { cause })
    this.name = 'UncertainDeltasError'
    this.deltas = deltas
  }
}

const bucketOf = (at: number, resolution: number): number => Math.floor(at / resolution) * resolution

/** A delta covers an interval; the bucket that holds its middle gets all of it. */
function middleOf({ receivedAt, ageMs, payload }: MetricsDelta): number {
  return receivedAt - ageMs - payload.intervalMs / 2
}

/** Locks the cursors of all senders, in one order, and answers how far each was counted. */
async function lockCursors(client: PoolClient, deltas: readonly MetricsDelta[]): Promise<Map<string, number>> {
  const given = [JSON.stringify(deltas.map(({ instance, payload }) => ({ instance, boot_id: payload.bootId })))]
  const senders = 'jsonb_to_recordset($1::jsonb) AS given (instance text, boot_id text)'
  await client.query(
    `INSERT INTO "metrics"."cursor" ("instance", "boot_id", "sequence")
     SELECT DISTINCT instance, boot_id, 0 FROM ${senders} ORDER BY 1, 2 ON CONFLICT DO NOTHING`,
    given,
  )
  const { rows } = await client.query<{ instance: string; boot_id: string; sequence: string }>(
    `SELECT "instance", "boot_id", "sequence" FROM "metrics"."cursor"
     WHERE ("instance", "boot_id") IN (SELECT instance, boot_id FROM ${senders})
     ORDER BY 1, 2 FOR UPDATE`,
    given,
  )
  return new Map(rows.map((row) => [cursorKey(row.instance, row.boot_id), Number(row.sequence)]))
}

const cursorKey = (instance: string, bootId: string): string => `${instance} ${bootId}`

/** A proxy has one at a time; a few more live on as reports of its last starts, which arrive within minutes. */
const CURSORS_PER_INSTANCE = 16

/** Whoever invents boot ids replaces his own oldest. What another transaction holds is left for the next time. */
async function dropOldCursors(client: PoolClient, instances: readonly string[]): Promise<void> {
  await client.query(
    `DELETE FROM "metrics"."cursor" WHERE ("instance", "boot_id") IN (
       SELECT c."instance", c."boot_id" FROM "metrics"."cursor" AS c
       JOIN (SELECT "instance", "boot_id",
                    row_number() OVER (PARTITION BY "instance" ORDER BY "committed_at" DESC, "boot_id") AS place
             FROM "metrics"."cursor" WHERE "instance" = ANY($1)) AS ranked USING ("instance", "boot_id")
       WHERE ranked.place > $2 FOR UPDATE OF c SKIP LOCKED)`,
    [instances, CURSORS_PER_INSTANCE],
  )
}

async function storeCursors(client: PoolClient, fresh: readonly MetricsDelta[], cursors: ReadonlyMap<string, number>) {
  const advanced = fresh.map(({ instance, payload: { bootId } }) => ({
    instance,
    boot_id: bootId,
    sequence: cursors.get(cursorKey(instance, bootId)),
  }))
  await client.query(
    `UPDATE "metrics"."cursor" AS c SET "sequence" = given.sequence, "committed_at" = now()
     FROM (SELECT DISTINCT * FROM jsonb_to_recordset($1::jsonb) AS r (instance text, boot_id text, sequence bigint)) AS given
     WHERE c."instance" = given.instance AND c."boot_id" = given.boot_id`,
    [JSON.stringify(advanced)],
  )
}

async function addRows(client: PoolClient, controlId: string, fresh: readonly MetricsDelta[]): Promise<void> {
  for (const resolution of RESOLUTIONS_MS) {
    // What is older than the table keeps would be dropped at once, and has no partition.
    const kept = fresh.filter((delta) => middleOf(delta) > delta.receivedAt - KEPT_MS[resolution])
    const timed = <Row>(rowsOf: (payload: MetricsPayload) => readonly Row[]) =>
      kept.flatMap((delta) => {
        const at = bucketOf(middleOf(delta), resolution)
        return rowsOf(delta.payload).map((row) => ({ at, row }))
      })
    const routes = mergeRows(
      timed((payload) => payload.routes),
      routeKey,
      addOutcomes,
    )
    await addRoutes(client, resolution, controlId, routes)
    const edges = mergeRows(
      timed((payload) => payload.edges),
      edgeKey,
      addOutcomes,
    )
    await addEdges(client, resolution, controlId, edges)
    await addRules(
      client,
      resolution,
      controlId,
      mergeRows(
        timed((payload) => payload.rules),
        ruleKey,
        addRuleHits,
      ),
    )
  }
  const patterns = fresh.flatMap((delta) => {
    const at = bucketOf(middleOf(delta), 3_600_000)
    return delta.payload.patterns.map((row) => ({ at, row: { ...row, service: delta.service } }))
  })
  const merged = mergeRows(
    patterns,
    (row) => JSON.stringify([row.service, row.source, row.method, row.path, row.route]),
    (a, b) => ({ ...a, calls: a.calls + b.calls }),
  )
  await addPatterns(client, controlId, merged)
}

async function commitOnce(db: Database, controlId: string, deltas: readonly MetricsDelta[]): Promise<CommittedDelta[]> {
  let fresh: MetricsDelta[] = []
  const committing = inTransaction(db.pool, async (client) => {
    const cursors = await lockCursors(client, deltas)
    const started = deltas.filter(({ instance, payload }) => cursors.get(cursorKey(instance, payload.bootId)) === 0)
    const results = deltas.map((delta): CommittedDelta => {
      const { bootId, sequence } = delta.payload
      const key = cursorKey(delta.instance, bootId)
      const isNew = sequence > (cursors.get(key) ?? 0)
      if (isNew) cursors.set(key, sequence)
      return { delta, isNew, at: bucketOf(middleOf(delta), RESOLUTIONS_MS[0]) }
    })
    fresh = results.filter((result) => result.isNew).map((result) => result.delta)
    if (fresh.length > 0) {
      await addRows(client, controlId, fresh)
      await storeCursors(client, fresh, cursors)
    }
    if (started.length > 0) await dropOldCursors(client, [...new Set(started.map(({ instance }) => instance))])
    return results
  })
  return committing.catch((error: unknown) => {
    throw error instanceof UncertainCommitError ? new UncertainDeltasError(fresh, error) : error
  })
}

/** Postgres' check_violation: "no partition of relation … found for row". */
const NO_PARTITION = '23514'

/**
 * All or none, in the order given. A proxy's deltas must come in ascending sequence (a resend repeats all that is
 * unacknowledged): the cursor per (instance, boot id) only goes up. Missing partitions are made. Throws an
 * UncertainDeltasError where the answer to COMMIT was lost.
 */
export async function commitDeltas(
  db: Database,
  controlId: string,
  deltas: readonly MetricsDelta[],
): Promise<CommittedDelta[]> {
  if (deltas.length === 0) return []
  try {
    return await commitOnce(db, controlId, deltas)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === NO_PARTITION)) throw error
    const now = Math.max(...deltas.map((delta) => delta.receivedAt))
    await ensurePartitions(db, now, Math.min(...deltas.map(middleOf)))
    return commitOnce(db, controlId, deltas)
  }
}
