// The console's one-time enrolment secret: written to a file by a control plane, spent by the console's first join.
import type { Database, Transaction } from '../connection/database.ts'

/** Replaces the one that this control plane wrote before. */
export function storeConsoleSecret(_db: Database, _input: { controlId: string; secret: string }): Promise<void> {
  throw new Error('not written yet')
}

/** Whether the secret was valid; it is not afterwards. */
export function consumeConsoleSecret(_tx: Transaction, _secret: string): Promise<boolean> {
  throw new Error('not written yet')
}
