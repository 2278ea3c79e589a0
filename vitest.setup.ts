// One throw-away Postgres for a whole test run; its workers make databases from a migrated template.
import { startTestPostgres } from './packages/db/src/testing.ts'

export async function setup(): Promise<() => Promise<void>> {
  const server = await startTestPostgres()
  process.env.HEDDLE_TEST_POSTGRES = server.serverUrl
  return () => server.stop()
}
