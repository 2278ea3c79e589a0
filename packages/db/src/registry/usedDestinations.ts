// What an instance has called, so that the control plane sends it again without being asked.
import type { Database } from '../connection/database.ts'

/** As many as a proxy may ask for that do not exist (it keeps those too). */
const KEPT = 1_000

/** Remembers what an instance has called. At most 1,000 names each, oldest out. */
export async function recordUsedDestinations(db: Database, instance: string, names: readonly string[]): Promise<void> {
  if (names.length === 0) return
  await db.transaction(async (tx) => {
    const inOrder = [...new Set(names)].sort()
    await tx.$executeRaw`
      INSERT INTO "used_destination" ("instance", "name", "last_used_at")
      SELECT ${instance}, name, clock_timestamp() FROM unnest(${inOrder}::text[]) AS given (name)
      ON CONFLICT ("instance", "name") DO UPDATE SET "last_used_at" = EXCLUDED."last_used_at"`
    await tx.$executeRaw`
      DELETE FROM "used_destination" WHERE "instance" = ${instance} AND "name" IN (
        SELECT "name" FROM "used_destination" WHERE "instance" = ${instance}
        ORDER BY "last_used_at" DESC, "name" OFFSET ${KEPT})`
  })
}

/** Newest first. */
export async function usedDestinations(db: Database, instance: string): Promise<string[]> {
  const rows = await db.prisma.usedDestination.findMany({
    where: { instance },
    orderBy: [{ lastUsedAt: 'desc' }, { name: 'asc' }],
    select: { name: true },
  })
  return rows.map((row) => row.name)
}
