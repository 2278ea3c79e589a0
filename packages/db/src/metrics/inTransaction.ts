// A transaction of raw SQL on one connection of the pool.
import type { Pool, PoolClient } from 'pg'

export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('BEGIN')
    const result = await work(client)
    await client.query('COMMIT')
    return result
  } catch (error) {
    await client.query('ROLLBACK').catch((cause: unknown) => {
      broken = new Error('the connection is not usable any more', { cause })
    })
    throw error
  } finally {
    client.release(broken)
  }
}
