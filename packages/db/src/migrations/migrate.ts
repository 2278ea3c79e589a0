// Applies prisma/migrations in order, under an advisory lock, and writes Prisma's own table of what was applied.
import type { Database } from '../connection/database.ts'

/** Safe to call from several processes at once. `log` gets one line for each migration applied. */
export function migrate(_options: { url: string; log: (line: string) => void }): Promise<{ applied: string[] }> {
  throw new Error('not written yet')
}

/** ahead: made by a newer Heddle. behind: the control plane has not migrated yet. */
export function schemaState(_db: Database): Promise<'current' | 'behind' | 'ahead'> {
  throw new Error('not written yet')
}
