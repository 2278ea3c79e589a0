// A transaction of raw SQL on one connection of the pool.
import type { Pool, PoolClient } from 'pg'
import { isConnectionFailure } from '../connection/failure.ts'

/** The answer to COMMIT was lost (`cause` says how): what was written may be there or not. */
export class UncertainCommitError extends Error {
  constructor(cause: unknown) {
    super(`it is not known whether it was committed: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    })
    this.name = 'UncertainCommitError'
  }
}

export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  // The pool listens to idle connections only: one that breaks in our hands would end the process.
  const onError = (error: Error) => {
    broken = error
  }
  client.on('error', onError)
  try {
    await client.query('BEGIN')
    const result = await work(client)
    await client.query('COMMIT').catch((cause: unknown) => {
      throw isConnectionFailure(cause) ? new UncertainCommitError(cause) : cause
    })
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch((cause: unknown) => {
      broken = new Error('the connection is not usable any more', { cause })
    })
    throw error
  } finally {
    client.off('error', onError)
    client.release(broken)
  }
}
