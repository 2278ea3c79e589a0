// A database behind Heddle, as the guide has it: a real Postgres, its own client in another service on a local port, and
// everybody else kept out by a rule.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { removeEmbeddedPostgres } from '@heddle/db/embedded/location'
import { statEdgesOutputSchema } from '@heddle/shared/api/index'
import { eventually } from '@heddle/testkit/eventually'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Finished } from './harness/command.ts'
import { freePort, type Mesh, startMesh } from './harness/mesh.ts'

const postgres = fileURLToPath(new URL('./harness/postgres.ts', import.meta.url))
const sql = fileURLToPath(new URL('./harness/sql.ts', import.meta.url))

let mesh: Mesh
let url: URL
const stack = new AsyncDisposableStack()

beforeAll(async () => {
  mesh = stack.use(await startMesh())
  const directory = mkdtempSync(join(tmpdir(), 'heddle-pg-'))
  stack.defer(async () => {
    await removeEmbeddedPostgres(directory)
    rmSync(directory, { recursive: true, force: true })
  })
  await mesh.apply(`
apiVersion: heddle.dev/v1
kind: Service
metadata: { name: pg }
spec: { protocol: tcp }
`)
  const appPort = await freePort()
  const pg = await mesh.run({
    service: 'pg',
    appPort,
    command: [process.execPath, postgres, `${appPort}`, directory],
  })
  stack.defer(async () => void (await pg.stop()))
  url = new URL(await eventually('its URL', () => /^postgres\S+$/m.exec(pg.running.stdout())?.[0]))
}, 300_000)
afterAll(() => stack.disposeAsync(), 90_000)

/** Queries of `service` through a local port of its own. */
async function query(service: string, ...queries: string[]): Promise<Finished> {
  const port = await freePort()
  const local = new URL(url)
  local.hostname = 'localhost'
  local.port = `${port}`
  return mesh.heddle([
    ...['run', '--service', service, '--upstream', `pg:${port}`],
    ...['--', process.execPath, sql, local.href, ...queries],
  ])
}

// The client of the database knows nothing of the mesh, and gets every row.
test('queries of another service are answered through the mesh', async () => {
  const { code, stdout, stderr } = await query(
    'orders',
    'create table looms (n int, words text)',
    "insert into looms select n, repeat('w', 1000) from generate_series(1, 5000) n",
    'select count(*)::int as rows, sum(length(words))::int as octets from looms',
    'select n from looms order by n limit 3',
  )
  expect([code, stderr]).toEqual([0, ''])
  expect(
    stdout
      .trim()
      .split('\n')
      .slice(2)
      .map((line) => JSON.parse(line)),
  ).toEqual([[{ rows: 5000, octets: 5_000_000 }], [{ n: 1 }, { n: 2 }, { n: 3 }]])
}, 60_000)

// With a rule for one caller every other one is refused, before a byte of theirs reaches the database.
test('an access rule keeps other services out', async () => {
  await mesh.apply(`
apiVersion: heddle.dev/v1
kind: AccessRule
metadata: { name: pg-from-orders }
spec:
  target: { service: pg }
  action: Allow
  from: [{ service: orders }]
`)
  await eventually(
    'a stranger is refused',
    async () => {
      const { code, stderr } = await query('stranger', 'select 1')
      return code !== 0 && stderr.includes('ECONNRESET') ? true : undefined
    },
    60_000,
  )
  expect((await query('orders', 'select 1 as n')).stdout.trim()).toBe('[{"n":1}]')
}, 120_000)

// Connections are numbers of the mesh like requests are.
test('connections are in heddle stat', async () => {
  const rows = await eventually(
    'both callers are counted',
    async () => {
      const { rows } = statEdgesOutputSchema.parse(await mesh.json(['stat', 'edges', 'pg', '--window', '10m']))
      return rows.length >= 2 && rows.every(({ requests }) => requests > 0) ? rows : undefined
    },
    30_000,
  )
  expect(rows.find(({ source }) => source === 'orders')).toMatchObject({ destination: 'pg', successRate: 100 })
  expect(rows.map(({ source }) => source)).toContain('stranger')
}, 60_000)

// Whoever calls a database over HTTP is told what to do instead.
test('HTTP to a TCP service is refused with advice', async () => {
  const answer = await mesh.ok(['run', '--service', 'orders', '--', 'curl', '-sS', 'http://pg/'])
  expect(answer).toContain('protocol_mismatch')
  expect(answer).toContain('--upstream')
}, 60_000)

// A port that somebody has is an error that names it, and CMD does not run.
test('a busy local port ends run before CMD begins', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  stack.defer(() => void server.close())
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const { code, stdout, stderr } = await mesh.heddle([
    ...['run', '--service', 'orders', '--upstream', `pg:${port}`, '--', 'echo', 'it ran'],
  ])
  expect(code).toBe(75)
  expect(stderr).toContain(`Port ${port} of --upstream pg:${port} is in use`)
  expect(stdout).toBe('')
}, 60_000)
