// Real databases for tests: one server for a test run, a fresh migrated database for each test in about 50 ms.
import type { Database } from './connection/database.ts'

export interface TestPostgres {
  /** For createTestDatabase, also from other processes (Vitest workers). */
  readonly serverUrl: string
  stop(): Promise<void>
}

/** Starts a throw-away server with a migrated template database. For a Vitest globalSetup, or a test by itself. */
export function startTestPostgres(): Promise<TestPostgres> {
  throw new Error('not written yet')
}

export interface TestDatabase extends AsyncDisposable {
  readonly url: string
  readonly db: Database
}

/** A fresh migrated database, dropped again at the end. */
export function createTestDatabase(_serverUrl: string): Promise<TestDatabase> {
  throw new Error('not written yet')
}
