// The console's weaker database role: no schema `ca`, and no altering of what was audited.
import { escapeIdentifier, type PoolClient } from 'pg'
import type { Database } from './connection/database.ts'
import { scramVerifier } from './connection/scramVerifier.ts'
import { inTransaction } from './metrics/inTransaction.ts'

/** What the console may do with each table of schema `public`; one that is not listed it cannot even read. */
const RIGHTS: Readonly<Record<string, string>> = {
  _prisma_migrations: 'SELECT',
  mesh: 'SELECT, UPDATE',
  resource: 'SELECT, INSERT, UPDATE, DELETE',
  name: 'SELECT, INSERT, UPDATE, DELETE',
  change: 'SELECT, INSERT',
  change_item: 'SELECT, INSERT',
  instance: 'SELECT',
  used_destination: 'SELECT',
  grace: 'SELECT',
  control_plane: 'SELECT',
  revocation: 'SELECT, INSERT, UPDATE',
  join_token: 'SELECT, INSERT, UPDATE',
  join_token_redemption: 'SELECT',
  api_token: 'SELECT, INSERT, UPDATE',
  setup_token: 'SELECT, INSERT, UPDATE, DELETE',
  certificate: 'SELECT',
  issued_certificate: 'SELECT',
  user: 'SELECT, INSERT, UPDATE, DELETE',
  session: 'SELECT, INSERT, UPDATE, DELETE',
  account: 'SELECT, INSERT, UPDATE, DELETE',
  verification: 'SELECT, INSERT, UPDATE, DELETE',
}

/** Postgres' insufficient_privilege. */
const NOT_ALLOWED = '42501'

function parseRole(consoleUrl: string): { user: string; password: string; database: string } {
  const url = URL.parse(consoleUrl)
  if (url === null || !/^postgres(?:ql)?:$/.test(url.protocol) || url.username === '')
    throw new Error('CONSOLE_DATABASE_URL must look like postgresql://USER:PASSWORD@HOST:PORT/DATABASE.')
  return {
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
  }
}

/**
 * Makes or limits the role that `consoleUrl` names (its user and password). Safe to repeat at every start. Throws an
 * error that says what to do where this role may not create roles, or where the console would get this role itself.
 */
export async function grantConsoleRole(db: Database, consoleUrl: string): Promise<void> {
  const { user, password } = parseRole(consoleUrl)
  const role = escapeIdentifier(user)
  await inTransaction(db.pool, async (client) => {
    // Two control planes that start at once would both alter the same rows of the catalogue.
    await client.query("SELECT pg_advisory_xact_lock(hashtext('heddle console role'))")
    const { rows } = await client.query<{ same: boolean; database: string; exists: boolean; strong: boolean | null }>(
      `SELECT current_user = $1 AS same, current_database() AS database, r.rolname IS NOT NULL AS exists,
              r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls AS strong
       FROM (SELECT 1) AS one LEFT JOIN pg_roles AS r ON r.rolname = $1`,
      [user],
    )
    const [found] = rows
    if (found?.same === true)
      throw new Error(
        `CONSOLE_DATABASE_URL names the same role ("${user}") as DATABASE_URL. The console must not be able to read the ` +
          "authority's keys: give it a role of its own.",
      )
    if (found?.strong === true)
      throw new Error(
        `The role "${user}" of CONSOLE_DATABASE_URL is a superuser or may create roles or databases. Give the console a plain one.`,
      )
    const may = `LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD '${scramVerifier(password)}'`
    await client.query('SAVEPOINT role')
    try {
      await client.query(found?.exists === true ? `ALTER ROLE ${role} ${may}` : `CREATE ROLE ${role} ${may}`)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === NOT_ALLOWED)) throw error
      // Somebody else's role is fine as it is; only one that does not exist has to be made.
      await client.query('ROLLBACK TO SAVEPOINT role')
      if (found?.exists !== true)
        throw new Error(
          `The role of DATABASE_URL may not create the console's role "${user}". Let it (ALTER ROLE … CREATEROLE), or ` +
            `create that role yourself: CREATE ROLE ${role} LOGIN PASSWORD '…', with the password of CONSOLE_DATABASE_URL.`,
          { cause: error },
        )
    }
    await client.query(
      [
        `REVOKE ALL ON SCHEMA "ca", "metrics", "public" FROM ${role}`,
        `REVOKE ALL ON ALL TABLES IN SCHEMA "ca", "metrics", "public" FROM ${role}`,
        `GRANT CONNECT ON DATABASE ${escapeIdentifier(found?.database ?? '')} TO ${role}`,
        `GRANT USAGE ON SCHEMA "public", "metrics" TO ${role}`,
        ...Object.entries(RIGHTS).map(([table, rights]) => `GRANT ${rights} ON "public"."${table}" TO ${role}`),
        // Partitions are read through their parents, whose rights count.
        `GRANT SELECT ON ALL TABLES IN SCHEMA "metrics" TO ${role}`,
      ].join(';'),
    )
    await refuseInheritedRights(client, user)
  })
}

/** What was just revoked from the role it may still have by another: by membership, ownership, or from PUBLIC. */
async function refuseInheritedRights(client: PoolClient, user: string): Promise<void> {
  const { rows } = await client.query<{ member: boolean; reads: string | null }>(
    `SELECT pg_has_role($1, current_user, 'MEMBER') AS member,
            (SELECT min(c.relname) FROM pg_class AS c
             WHERE c.relnamespace = 'ca'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
               AND (has_any_column_privilege($1, c.oid, 'SELECT, INSERT, UPDATE')
                    OR has_table_privilege($1, c.oid, 'DELETE, TRUNCATE')
                    OR pg_has_role($1, c.relowner, 'MEMBER')
                    OR EXISTS (SELECT 1 FROM aclexplode(c.relacl) AS acl
                               WHERE acl.grantee <> 0 AND pg_has_role($1, acl.grantee, 'MEMBER')))) AS reads`,
    [user],
  )
  const [found] = rows
  if (found?.member === true)
    throw new Error(
      `The role "${user}" of CONSOLE_DATABASE_URL is a member of the role of DATABASE_URL and could become it. The ` +
        "console must not be able to read the authority's keys: revoke that membership, or give the console a role of its own.",
    )
  if (found !== undefined && found.reads !== null)
    throw new Error(
      `The role "${user}" of CONSOLE_DATABASE_URL may use the table ca.${found.reads} through another role or PUBLIC. The ` +
        "console must not be able to read the authority's keys: revoke that, or give the console a role of its own.",
    )
}
