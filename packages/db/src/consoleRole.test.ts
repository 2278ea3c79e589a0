import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { storeAuthority } from './authority/authority.ts'
import { applyDocuments } from './changes/changes.ts'
import { listChanges } from './changes/history.ts'
import { loadMesh } from './configuration/mesh.ts'
import { type Database, openDatabase } from './connection/database.ts'
import { grantConsoleRole } from './consoleRole.ts'
import { ensurePartitions } from './metrics/partitions.ts'
import { readRoutes } from './metrics/read.ts'
import { schemaState } from './migrations/schemaState.ts'
import { upsertInstance } from './registry/registry.ts'
import { createTestDatabase, startTestPostgres, type TestDatabase } from './testing.ts'
import { createApiToken, verifyApiToken } from './tokens/apiTokens.ts'
import { createJoinToken } from './tokens/joinTokens.ts'
import { consumeSetupToken, createSetupToken } from './tokens/setupTokens.ts'

let database: TestDatabase
let owner: Database
let console: Database
const roles: string[] = []

/** A role of its own: roles belong to the server, which other tests use as well. */
function consoleUrlFor(url: string, password = randomBytes(12).toString('hex')): string {
  const changed = new URL(url)
  changed.username = `console_${randomBytes(5).toString('hex')}`
  changed.password = encodeURIComponent(password)
  roles.push(changed.username)
  return changed.href
}

beforeAll(async () => {
  database = await createTestDatabase()
  owner = database.db
  const url = consoleUrlFor(database.url, "it's a \\ password: ü")
  await ensurePartitions(owner, Date.now())
  await grantConsoleRole(owner, url)
  await grantConsoleRole(owner, url)
  console = await openDatabase({ url, applicationName: 'console test', maxConnections: 2 })
  const certificate = {
    id: 'root',
    kind: 'root',
    pem: 'PEM',
    parentId: null,
    state: 'active',
    notBefore: 0,
    notAfter: 1,
  } as const
  const certificates = [{ ...certificate, sealedKey: new Uint8Array([1]) }]
  await owner.transaction((tx) => storeAuthority(tx, { actor: 'control', certificates }))
})
afterAll(async () => {
  await console[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
  // What the roles were granted went with the database.
  await using other = await createTestDatabase()
  for (const role of roles) await other.db.pool.query(`DROP ROLE IF EXISTS ${role}`)
})

const service = { apiVersion: 'heddle.dev/v1', kind: 'Service', metadata: { name: 'catalog' } }

// The console can do its work with its own role: changes, tokens, users, reading the mesh and its metrics.
test('the console works with its weaker role', async () => {
  expect(await schemaState(console)).toBe('current')
  expect(await applyDocuments(console, { actor: 'ada', documents: [service] })).toMatchObject({
    items: [{ result: 'created' }],
  })
  expect(await listChanges(console, { limit: 1 })).toHaveLength(1)
  expect((await loadMesh(console)).names).toHaveLength(1)
  await createJoinToken(console, { service: 'catalog', uses: 1, ttlMs: 1_000, actor: 'ada' })
  const { token } = await createApiToken(console, { name: 'x', role: 'viewer', ttlMs: null, actor: 'ada' })
  expect(await verifyApiToken(console, token)).not.toBeNull()
  const setup = await createSetupToken(console, {
    purpose: 'first_admin',
    userName: null,
    role: 'admin',
    ttlMs: 60_000,
    actor: 'up',
  })
  expect(await console.transaction((tx) => consumeSetupToken(tx, setup.token))).not.toBeNull()
  await console.pool.query(`INSERT INTO "user" (id, name, email) VALUES ('1', 'ada', 'ada@example.test')`)
  await console.pool.query(`DELETE FROM "user"`)
  expect(await readRoutes(console, { from: 0, to: Date.now(), stepMs: null })).toEqual([])
})

// What the console's role must never do, even with the console's own code taken over.
test.each([
  ["read the authority's keys", 'SELECT * FROM ca.sealed_key'],
  ['read the enrolment secrets', 'SELECT * FROM ca.console_secret'],
  ['plant an enrolment secret', `INSERT INTO ca.console_secret (control_id, secret_hash) VALUES ('x', 'x')`],
  ['alter the audit', `UPDATE change SET actor = 'somebody else'`],
  ['delete from the audit', 'DELETE FROM change_item'],
  ['empty the audit', 'TRUNCATE change CASCADE'],
  ["disable the audit's trigger", 'ALTER TABLE change DISABLE TRIGGER ALL'],
  [
    'plant a root certificate',
    `INSERT INTO certificate (id, kind, pem, state, not_before, not_after) VALUES ('x', 'root', 'x', 'active', now(), now())`,
  ],
  ['change a certificate', `UPDATE certificate SET pem = 'x'`],
  ['register an instance', `DELETE FROM instance`],
  ['lift a revocation', 'DELETE FROM revocation'],
  ['forge metrics', 'DELETE FROM metrics.cursor'],
  ['write metrics', 'DELETE FROM metrics.route_10s'],
  ['alter the schema', 'CREATE TABLE public.x (y int)'],
  ['make roles', 'CREATE ROLE mine'],
])("the console's role cannot %s", async (_, sql) => {
  await expect(console.pool.query(sql)).rejects.toThrow(/permission denied|must be owner/)
})

// The registry is the control plane's: a function that writes it fails for the console.
test('the console cannot register instances', async () => {
  const registration = {
    instance: 'i',
    service: 'catalog',
    version: 'v1',
    hostId: 'h',
    bootId: 'b',
    inbound: null,
    outbound: 1,
    admin: 1,
    ready: true,
    build: 't',
    controlId: 'c',
  }
  await expect(upsertInstance(console, registration)).rejects.toThrow()
})

// The same role for both would void the separation, a strong one as well; and a role that cannot be made says what to do.
test('unsuitable roles are refused with advice', async () => {
  await expect(grantConsoleRole(owner, database.url)).rejects.toThrow('a role of its own')
  const strong = consoleUrlFor(database.url)
  await owner.pool.query(`CREATE ROLE ${roles.at(-1)} CREATEDB`)
  await expect(grantConsoleRole(owner, strong)).rejects.toThrow('Give the console a plain one')
  await expect(grantConsoleRole(owner, 'mysql://x')).rejects.toThrow('must look like')
  await expect(grantConsoleRole(console, consoleUrlFor(database.url))).rejects.toThrow('create that role yourself')
})

// What a role may do by another one counts as well: one whose group reads the keys reads them.
test("rights that come from another role's are refused", async () => {
  const url = consoleUrlFor(database.url)
  const role = roles.at(-1)
  await grantConsoleRole(owner, url)
  const readers = `console_readers_${randomBytes(5).toString('hex')}`
  roles.push(readers)
  await owner.pool.query(`CREATE ROLE ${readers}`)
  await owner.pool.query(`GRANT SELECT ON ca.sealed_key TO ${readers}`)
  await owner.pool.query(`GRANT ${readers} TO ${role}`)
  await expect(grantConsoleRole(owner, url)).rejects.toThrow('may use the table ca.sealed_key')
  await owner.pool.query(`REVOKE ALL ON ca.sealed_key FROM ${readers}`)
  await grantConsoleRole(owner, url)
  await owner.pool.query('GRANT SELECT (sealed) ON ca.sealed_key TO PUBLIC')
  await expect(grantConsoleRole(owner, url)).rejects.toThrow('may use the table ca.sealed_key')
  await owner.pool.query('REVOKE ALL ON ca.sealed_key FROM PUBLIC')
})

// A member of the control plane's role could become it with SET ROLE, also where it does not inherit its rights.
test("a member of the control plane's role is refused", { timeout: 60_000 }, async () => {
  await using stack = new AsyncDisposableStack()
  const server = stack.adopt(await startTestPostgres(), (started) => started.stop())
  const fresh = stack.use(await createTestDatabase(server.serverUrl))
  const superuser = stack.use(await openDatabase({ url: server.superuserUrl, applicationName: 'test' }))
  const url = consoleUrlFor(fresh.url)
  // This server ends with the test.
  const role = roles.pop()
  await superuser.pool.query(`CREATE ROLE ${role} LOGIN NOINHERIT`)
  await superuser.pool.query(`GRANT heddle TO ${role}`)
  await expect(grantConsoleRole(fresh.db, url)).rejects.toThrow('could become it')
})
