// The one number: config changes and membership alike take the next revision of the mesh's counter row.
// Order of locks, for everybody who changes what proxies see: the counter row first, then anything else. So writers
// stand in one line, revisions are committed in order, and nobody can wait in a circle.
import type { Transaction } from '../connection/database.ts'
import { CONFIG_CHANNEL } from '../connection/listen.ts'
import { writeNotice } from './notice.ts'

/** Waits for other writers, and keeps them waiting until this transaction ends. Read what you decide by after it. */
export async function lockMesh(tx: Transaction): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM "mesh" WHERE "id" = 1 FOR UPDATE`
}

/** Takes the next revision and tells the control planes of it when the transaction commits. */
export async function nextRevision(tx: Transaction): Promise<number> {
  const { epoch, revision } = await tx.mesh.update({
    where: { id: 1 },
    data: { revision: { increment: 1 } },
    select: { epoch: true, revision: true },
  })
  const notice = writeNotice({ epoch: Number(epoch), revision: Number(revision) })
  await tx.$executeRaw`SELECT pg_notify(${CONFIG_CHANNEL}, ${notice})`
  return Number(revision)
}
