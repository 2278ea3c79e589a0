// What the guide "Put your own service behind Heddle" promises: servers and clients that this project did not write.
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { repository } from './harness/command.ts'
import { freePort, type Mesh, startMesh } from './harness/mesh.ts'

let mesh: Mesh
beforeAll(async () => {
  mesh = await startMesh()
  const folder = mkdtempSync(join(tmpdir(), 'heddle-real-'))
  writeFileSync(join(folder, 'db.json'), JSON.stringify({ products: [{ id: '1', name: 'loom' }] }))
  writeFileSync(join(folder, 'index.html'), '<p>woven</p>')
  const [jsonPort, filesPort] = [await freePort(), await freePort()]
  const bin = (name: string): string => join(repository, 'node_modules', '.bin', name)
  await Promise.all([
    mesh.run({
      service: 'inventory',
      appPort: jsonPort,
      command: [
        process.execPath,
        bin('json-server'),
        '--host',
        '127.0.0.1',
        '--port',
        `${jsonPort}`,
        join(folder, 'db.json'),
      ],
    }),
    mesh.run({
      service: 'files',
      appPort: filesPort,
      command: [process.execPath, bin('http-server'), folder, '-a', '127.0.0.1', '-p', `${filesPort}`],
    }),
  ])
}, 240_000)
afterAll(() => mesh[Symbol.asyncDispose](), 60_000)

/** Runs a client that knows nothing of the mesh under `heddle run` and gives what it printed. */
const asClient = async (command: string[]): Promise<string> => mesh.ok(['run', '--service', 'probe', '--', ...command])

// curl reads http_proxy; both servers answer through two proxies.
test('curl reaches json-server and http-server', async () => {
  expect(JSON.parse(await asClient(['curl', '-sS', '--fail', 'http://inventory/products/1']))).toMatchObject({
    name: 'loom',
  })
  expect(await asClient(['curl', '-sS', '--fail', 'http://files/index.html'])).toContain('woven')
})

const script = `const r = await fetch('http://inventory/products/1'); console.log(r.status, (await r.json()).name)`

// The user's own Node, not the one that npm put on the PATH: here the system's, which knows no proxy environment.
test.skipIf(!existsSync('/usr/local/bin/node') && !existsSync('/usr/bin/node'))("the system Node's fetch", async () => {
  const node = existsSync('/usr/local/bin/node') ? '/usr/local/bin/node' : '/usr/bin/node'
  expect(await asClient([node, '--input-type=module', '-e', script])).toContain('200 loom')
})

test("the pinned Node's fetch", async () => {
  expect(await asClient([process.execPath, '--input-type=module', '-e', script])).toContain('200 loom')
})

test("Python's urllib", async () => {
  const python =
    'import urllib.request; r = urllib.request.urlopen("http://inventory/products/1"); print(r.status, r.read().decode())'
  expect(await asClient(['python3', '-c', python])).toContain('loom')
})

// POST with a body arrives once and whole.
test('a POST through json-server is stored', async () => {
  const body = JSON.stringify({ id: '2', name: 'shuttle' })
  await asClient([
    'curl',
    '-sS',
    '--fail',
    '-H',
    'content-type: application/json',
    '-d',
    body,
    'http://inventory/products',
  ])
  expect(JSON.parse(await asClient(['curl', '-sS', 'http://inventory/products']))).toHaveLength(2)
})

// The environment is the user's own: what npm put there is gone, and the exit code is the command's.
test('the command gets its own environment and its exit code comes back', async () => {
  const { code, stdout } = await mesh.heddle(['run', '--service', 'probe', '--', 'sh', '-c', 'env; exit 7'])
  expect(code).toBe(7)
  expect(stdout).toMatch(/^http_proxy=http:\/\/127\.0\.0\.1:\d+$/m)
  expect(stdout).not.toMatch(/^npm_/m)
  expect(stdout).toContain('NODE_USE_ENV_PROXY=1')
})

// A mistake in a name says what was meant.
test('an unknown service is named, with advice', async () => {
  const answer = await asClient(['curl', '-sS', 'http://inventry/'])
  expect(answer).toContain('no_such_service')
  const { code, stderr } = await mesh.heddle(['stat', 'routes', 'inventry'])
  expect(code).not.toBe(0)
  expect(stderr).toContain('did you mean "inventory"')
})
