// The console's one-time enrolment secret: written to a file by a control plane, spent by the console's first join.
import { hashSecret } from '@heddle/shared'
import type { Database, Transaction } from '../connection/database.ts'

/** Replaces the one that this control plane wrote before. */
export async function storeConsoleSecret(db: Database, input: { controlId: string; secret: string }): Promise<void> {
  const { controlId } = input
  const secretHash = hashSecret(input.secret)
  await db.prisma.consoleSecret.upsert({
    where: { controlId },
    create: { controlId, secretHash },
    update: { secretHash, createdAt: new Date() },
  })
}

/** Whether the secret was valid; it is not afterwards. */
export async function consumeConsoleSecret(tx: Transaction, secret: string): Promise<boolean> {
  return (await tx.consoleSecret.deleteMany({ where: { secretHash: hashSecret(secret) } })).count > 0
}
