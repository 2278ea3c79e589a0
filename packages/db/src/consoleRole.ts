// The console's weaker database role: no schema `ca`, and no altering of what was audited.
import type { Database } from './connection/database.ts'

/**
 * Makes or limits the role that `consoleUrl` names (its user and password). Throws an error that says what to do where
 * the control plane's own role may not create roles. A consoleUrl with the same user as the database's is an error.
 */
export function grantConsoleRole(_db: Database, _consoleUrl: string): Promise<void> {
  throw new Error('not written yet')
}
