// After a restore from a backup the database is behind what proxies hold. A new epoch lets them accept it all the same.
import { audit } from '../changes/audit.ts'
import type { Database } from '../connection/database.ts'

/** Answers the new epoch: the present in milliseconds, and above the old one whatever the clock says. */
export function newEpoch(db: Database, input: { actor: string }): Promise<number> {
  return db.transaction(async (tx) => {
    const rows = await tx.$queryRaw<{ epoch: bigint }[]>`
      UPDATE "mesh" SET "epoch" = greatest("epoch" + 1, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint)
      WHERE "id" = 1 RETURNING "epoch"`
    await audit(tx, { actor: input.actor, kind: 'ca', summary: 'New epoch, after a restore of the database' })
    return Number(rows[0]?.epoch)
  })
}
