// The first connection to a new server: Heddle's own role and database. Safe to repeat after an interruption.
import { Client } from 'pg'
import { scramVerifier } from '../connection/scramVerifier.ts'
import { type Credentials, DATABASE, OWNER, SUPERUSER, urlOf } from './credentials.ts'

export async function prepareDatabase(credentials: Credentials): Promise<void> {
  const client = new Client({
    connectionString: urlOf(SUPERUSER, credentials.superuserPassword, credentials.port, 'postgres'),
    connectionTimeoutMillis: 10_000,
  })
  await client.connect()
  try {
    const role = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [OWNER])
    // CREATEROLE, so that the control plane can make the console's weaker role. Not a superuser.
    if (role.rowCount === 0)
      await client.query(`CREATE ROLE ${OWNER} LOGIN CREATEROLE PASSWORD '${scramVerifier(credentials.ownerPassword)}'`)
    const database = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE])
    if (database.rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE} OWNER ${OWNER}`)
  } finally {
    await client.end()
  }
}
