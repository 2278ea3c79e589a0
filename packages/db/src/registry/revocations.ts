// Revoking a service or an instance: travels like config and closes live connections.
import { audit } from '../changes/audit.ts'
import type { Database, Transaction } from '../connection/database.ts'
import { type Revocation, toRevocation } from './revocation.ts'

export type { Revocation } from './revocation.ts'

/** One change of kind `revocation`, with revision and NOTIFY. Answers the revision. Twice is no error. */
export function revoke(
  db: Database,
  input: { kind: 'service' | 'instance'; name: string; reason: string; actor: string },
): Promise<{ revision: number }> {
  const { kind, name, reason, actor } = input
  return db.transaction(async (tx) => {
    const revision = await audit(tx, { actor, kind: 'revocation', summary: `Revoked the ${kind} ${name}: ${reason}` })
    await tx.revocation.upsert({
      where: { kind_name: { kind, name } },
      create: { kind, name, reason, revokedBy: actor },
      update: { reason, revokedBy: actor },
    })
    return { revision }
  })
}

export async function listRevocations(db: Database): Promise<Revocation[]> {
  return (await db.prisma.revocation.findMany({ orderBy: { revokedAt: 'desc' } })).map(toRevocation)
}

/** Whether this instance may hold no certificate: it, or its whole service, is revoked. */
export async function isRevoked(
  tx: Transaction,
  { service, instance }: { service: string; instance: string },
): Promise<boolean> {
  const found = await tx.revocation.findFirst({
    where: {
      OR: [
        { kind: 'service', name: service },
        { kind: 'instance', name: instance },
      ],
    },
  })
  return found !== null
}
