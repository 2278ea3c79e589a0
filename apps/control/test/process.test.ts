// The control plane as a process: how it says that it is ready, why it is not, and how it ends.
import { type ChildProcess, execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase } from '@heddle/db/testing'
import { expect, test } from 'vitest'
import { z } from 'zod'

const MAIN = new URL('../src/main.ts', import.meta.url)
const readySchema = z.object({
  type: z.literal('ready'),
  controlUrl: z.string(),
  controlPort: z.number(),
  adminPort: z.number(),
  rootSha256: z.string(),
})

const failedSchema = z.object({ type: z.literal('failed'), message: z.string() })

interface Started extends AsyncDisposable {
  child: ChildProcess
  output: () => string
  exited: Promise<number | null>
}

async function start(environment: Record<string, string>): Promise<Started> {
  const home = await mkdtemp(join(tmpdir(), 'heddle-control-'))
  const child = fork(MAIN, { env: { HEDDLE_HOME: home, ...environment }, silent: true })
  let output = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  const exited = once(child, 'exit').then(([code]) => (typeof code === 'number' ? code : null))
  return {
    child,
    output: () => output,
    exited,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await exited
      await rm(home, { recursive: true, force: true })
    },
  }
}
const firstMessage = async ({ child }: Started): Promise<unknown> => (await once(child, 'message'))[0]
const anyPort = { HEDDLE_CONTROL_PORT: '0', HEDDLE_CONTROL_ADMIN_PORT: '0' }

// A started control plane tells its parent where it listens, serves its admin port, and ends with 0 when asked to.
test('ready, metrics, and a graceful end', async () => {
  await using database = await createTestDatabase()
  await using process = await start({ DATABASE_URL: database.url, ...anyPort })
  const ready = readySchema.parse(await firstMessage(process))
  expect(ready.controlUrl).toBe(`https://127.0.0.1:${ready.controlPort}`)
  const admin = (path: string) => fetch(`http://127.0.0.1:${ready.adminPort}${path}`)
  expect((await admin('/ready')).status).toBe(200)
  expect((await admin('/live')).status).toBe(200)
  expect((await admin('/nothing')).status).toBe(404)
  const metrics = await (await admin('/metrics')).text()
  expect(metrics).toContain('heddle_control_config_revision')
  expect(await promtool(metrics)).toBe('')
  process.child.kill('SIGTERM')
  expect(await process.exited).toBe(0)
  for (const line of process.output().trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('message')
})

// A parent that vanishes takes its control plane along.
test('the end of the parent', async () => {
  await using database = await createTestDatabase()
  await using process = await start({ DATABASE_URL: database.url, ...anyPort })
  await firstMessage(process)
  process.child.disconnect()
  expect(await process.exited).toBe(0)
})

// Every mistake in the environment is named at once, before anything is touched.
test('a wrong environment', async () => {
  await using process = await start({
    HEDDLE_CONTROL_PORT: 'many',
    HEDDLE_CONTROL_LISTEN: 'here',
    HEDDLE_TRUST_DOMAIN: 'Not Ours',
  })
  const message = z
    .object({ type: z.literal('failed'), message: z.string() })
    .parse(await firstMessage(process)).message
  for (const name of ['DATABASE_URL', 'HEDDLE_CONTROL_PORT', 'HEDDLE_CONTROL_LISTEN', 'HEDDLE_TRUST_DOMAIN'])
    expect(message).toContain(name)
  expect(await process.exited).toBe(64)
})

// A busy port and a database that is not there are errors that say what to do.
test('what cannot be had is named', async () => {
  await using database = await createTestDatabase()
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  await using busy = await start({ DATABASE_URL: database.url, ...anyPort, HEDDLE_CONTROL_PORT: String(port) })
  expect(await firstMessage(busy)).toMatchObject({ type: 'failed', message: expect.stringContaining(`Port ${port}`) })
  expect(await busy.exited).toBe(1)
  server.close()
  await once(server, 'close')
  await using lonely = await start({ DATABASE_URL: `postgres://a:secret@127.0.0.1:${port}/none`, ...anyPort })
  const { message } = failedSchema.parse(await firstMessage(lonely))
  expect(message).toContain(`127.0.0.1:${port} (DATABASE_URL) cannot be used`)
  expect(message).not.toContain('secret')
  expect(await lonely.exited).toBe(1)
})

/** What promtool has to say; nothing where it is not installed. */
function promtool(metrics: string): Promise<string> {
  return new Promise((resolve) => {
    const child = execFile('promtool', ['check', 'metrics'], (error, stdout, stderr) =>
      resolve(error !== null && 'code' in error && error.code === 'ENOENT' ? '' : `${stdout}${stderr}`),
    )
    child.stdin?.on('error', () => {})
    child.stdin?.end(metrics)
  })
}
