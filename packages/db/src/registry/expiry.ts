// What ends by time: endpoints whose proxy has not been heard of, and rows that nobody needs any more.
import { isRoute, rulesOf } from '@heddle/shared'
import { lockMesh, nextRevision } from '../configuration/revision.ts'
import { readResources } from '../configuration/storedResource.ts'
import type { Database, Transaction } from '../connection/database.ts'
import { LAPSE_AFTER_MS, REMOVE_AFTER_MS, REMOVE_ENDED_CLIENT_AFTER_MS } from './instance.ts'
import type { MembershipChange } from './registry.ts'

/**
 * Whose lease ended too long ago, but for the last endpoint of each service: of those that could only lapse together,
 * the one heard of last stays. Nobody lapses while the grace row holds.
 */
async function findLapsing(tx: Transaction): Promise<string[]> {
  const rows = await tx.$queryRaw<{ instance: string }[]>`
    WITH offered AS (
      SELECT "instance", "service", "lease_until",
             "lease_until" < clock_timestamp() - ${LAPSE_AFTER_MS} * interval '1 millisecond' AS overdue
      FROM "instance"
      WHERE "lapsed_at" IS NULL AND "withdrawn_at" IS NULL AND "port" IS NOT NULL AND "ready"
    ), ranked AS (
      SELECT *, row_number() OVER (PARTITION BY "service" ORDER BY "lease_until" DESC, "instance") AS place FROM offered
    )
    SELECT "instance" FROM ranked WHERE overdue AND place > 1
    UNION ALL
    SELECT "instance" FROM "instance"
    WHERE "lapsed_at" IS NULL AND "withdrawn_at" IS NULL AND ("port" IS NULL OR NOT "ready")
      AND "lease_until" < clock_timestamp() - ${LAPSE_AFTER_MS} * interval '1 millisecond'`
  const grace = await tx.$queryRaw<{ holds: boolean }[]>`SELECT "until" > clock_timestamp() AS holds FROM "grace"`
  return grace[0]?.holds === true ? [] : rows.map((row) => row.instance)
}

/**
 * Takes out the endpoints whose lease ended more than LAPSE_AFTER_MS ago, but never a service's last one, and none
 * while the grace row holds. Any control plane may call it at any time (every 5 s).
 */
export function lapseEndpoints(db: Database): Promise<MembershipChange & { lapsed: string[] }> {
  return db.transaction(async (tx) => {
    // Usually there is nobody, and nobody has to wait for finding that out.
    if ((await findLapsing(tx)).length === 0) return { revision: null, lapsed: [] }
    await lockMesh(tx)
    const lapsed = await findLapsing(tx)
    if (lapsed.length === 0) return { revision: null, lapsed }
    await tx.$executeRaw`UPDATE "instance" SET "lapsed_at" = clock_timestamp() WHERE "instance" = ANY(${lapsed}::text[])`
    return { revision: await nextRevision(tx), lapsed: lapsed.sort() }
  })
}

/** Last heard of: until its lease ended, or when it left. */
async function deleteForgotten(tx: Transaction): Promise<string[]> {
  const rows = await tx.$queryRaw<{ instance: string }[]>`
    DELETE FROM "instance"
    WHERE coalesce("withdrawn_at", "lease_until") < clock_timestamp() - ${REMOVE_AFTER_MS} * interval '1 millisecond'
       OR ("port" IS NULL
           AND "withdrawn_at" < clock_timestamp() - ${REMOVE_ENDED_CLIENT_AFTER_MS} * interval '1 millisecond')
    RETURNING "instance"`
  return rows.map((row) => row.instance).sort()
}

/** A version without instances keeps its name only as long as a route sends traffic to it. */
async function deleteUnusedNames(tx: Transaction): Promise<void> {
  const unused = await tx.$queryRaw<{ name: string }[]>`
    SELECT "name" FROM "name"
    WHERE "version" IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM "instance" WHERE "instance"."service" = "name"."service" AND "instance"."version" = "name"."version")`
  if (unused.length === 0) return
  const backends = new Set<string>()
  for (const { resource } of await readResources(tx)) {
    if (!isRoute(resource)) continue
    for (const rule of rulesOf(resource)) {
      for (const ref of rule.backendRefs ?? []) backends.add(ref.name)
      for (const filter of rule.filters ?? [])
        if (filter.type === 'RequestMirror') backends.add(filter.requestMirror.backendRef.name)
    }
  }
  const names = unused.map((row) => row.name).filter((name) => !backends.has(name))
  await tx.name.deleteMany({ where: { name: { in: names } } })
}

/** Removes rows that nobody needs any more (72 h; ended clients 1 h) and names without instances and routes. */
export function removeStaleInstances(db: Database): Promise<MembershipChange & { removed: string[] }> {
  return db.transaction(async (tx) => {
    await lockMesh(tx)
    const removed = await deleteForgotten(tx)
    if (removed.length === 0) return { revision: null, removed }
    await tx.usedDestination.deleteMany({ where: { instance: { in: removed } } })
    await tx.issuedCertificate.deleteMany({ where: { instance: { in: removed }, notAfter: { lt: new Date() } } })
    await deleteUnusedNames(tx)
    return { revision: await nextRevision(tx), removed }
  })
}
