// Databases behind Heddle under their own clients: Postgres, and Redis where the machine has it (Debian: redis-server and
// redis-tools). One caller works for a minute, another is kept out by a rule.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { removeEmbeddedPostgres } from '@heddle/db/embedded/location'
import { eventually } from '@heddle/testkit/eventually'
import { Client } from 'pg'
import { start } from '../harness/command.ts'
import { freePort, type Mesh, type MeshService, startMesh } from '../harness/mesh.ts'
import { hold, type Scenario } from './scenario.ts'

const LOAD_MS = 60_000
const POSTGRES_SESSIONS = 16
const postgres = fileURLToPath(new URL('../harness/postgres.ts', import.meta.url))

type Note = (line: string) => void

export const tcp: Scenario = {
  name: 'tcp',
  guarantees:
    'Postgres, and Redis where there is one, as opaque TCP services, 60 s each by their own clients: 0 errors, and a rule refuses another caller',
  async run(note) {
    await using mesh = await startMesh()
    if (hasRedis()) await redisLoad(mesh, note)
    else note('redis-server, redis-cli or redis-benchmark is not on the PATH: Postgres alone')
    await postgresLoad(mesh, note)
  },
}

function hasRedis(): boolean {
  const asked = ['redis-server', 'redis-cli', 'redis-benchmark'].map((name) => spawnSync(name, ['--version']))
  return asked.every(({ status }) => status === 0)
}

/** `service` as a TCP service that `caller` may call, and both callers with a local port for it. */
async function serve(mesh: Mesh, service: string, appPort: number, command: string[]) {
  await mesh.apply(`
apiVersion: heddle.dev/v1
kind: Service
metadata: { name: ${service} }
spec: { protocol: tcp }
---
apiVersion: heddle.dev/v1
kind: AccessRule
metadata: { name: ${service}-from-caller }
spec:
  target: { service: ${service} }
  action: Allow
  from: [{ service: ${service}-caller }]
`)
  const server = await mesh.run({ service, appPort, command })
  const [port, strangersPort] = [await freePort(), await freePort()]
  const upstream = (local: number) => ['--upstream', `${service}:${local}`]
  const caller = await mesh.run({ service: `${service}-caller`, args: upstream(port) })
  const stranger = await mesh.run({ service: `${service}-stranger`, args: upstream(strangersPort) })
  return { server, caller, stranger, port, strangersPort }
}

async function redisLoad(mesh: Mesh, note: Note): Promise<void> {
  const appPort = await freePort()
  const { server, caller, port, strangersPort } = await serve(mesh, 'redis', appPort, [
    ...['redis-server', '--port', `${appPort}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
  ])
  const until = performance.now() + LOAD_MS
  let rounds = 0
  let last = ''
  const benchmark = async (): Promise<void> => {
    while (performance.now() < until) {
      const args = ['-h', '127.0.0.1', '-p', `${port}`, '-c', '50', '-n', '10000', '-d', '512', '-t', 'set,get', '-q']
      const { code, stdout, stderr } = await start('redis-benchmark', args).finished
      hold('redis-benchmark saw no error', code === 0 && !/error/i.test(stdout + stderr), [code, stdout, stderr])
      rounds++
      last = stdout
        .split(/[\r\n]+/)
        .filter((line) => line.includes('per second'))
        .join(', ')
    }
  }
  let commands = 0
  const commandLine = async (): Promise<void> => {
    while (performance.now() < until) {
      const { code, stdout, stderr } = await start('redis-cli', ['-p', `${port}`, 'incr', 'commands']).finished
      commands++
      hold('redis-cli counts on', code === 0 && stdout.trim() === `${commands}`, [code, stdout, stderr, commands])
    }
  }
  await Promise.all([benchmark(), commandLine()])
  note(
    `redis: ${rounds} × 20,000 requests of redis-benchmark over 50 connections, ${commands} calls of redis-cli, 0 errors`,
  )
  note(`redis: the last round: ${last}`)
  const refused = await start('redis-cli', ['-p', `${strangersPort}`, 'ping']).finished
  hold('another caller is refused', refused.code !== 0 && !refused.stdout.includes('PONG'), refused)
  await holdOutcomes('redis', [caller, server], note)
}

async function postgresLoad(mesh: Mesh, note: Note): Promise<void> {
  await using stack = new AsyncDisposableStack()
  const directory = mkdtempSync(join(tmpdir(), 'heddle-pg-'))
  stack.defer(async () => {
    await removeEmbeddedPostgres(directory)
    rmSync(directory, { recursive: true, force: true })
  })
  const appPort = await freePort()
  const command = [process.execPath, postgres, `${appPort}`, directory]
  const { server, caller, port, strangersPort } = await serve(mesh, 'pg', appPort, command)
  stack.use(server)
  const url = await eventually('its URL', () => /^postgres\S+$/m.exec(server.running.stdout())?.[0])
  const through = (local: number): Client => {
    const address = new URL(url)
    address.port = `${local}`
    return new Client({ connectionString: address.href })
  }
  const until = performance.now() + LOAD_MS
  let queries = 0
  let sessions = 0
  /** A session of a hundred queries, each answered with what was asked, then another one. */
  const work = async (): Promise<void> => {
    while (performance.now() < until) {
      const client = through(port)
      await client.connect()
      for (let i = 0; i < 100; i++) {
        const words = 'w'.repeat(i * 100)
        const { rows } = await client.query('select $1::int as n, $2::text as words', [i, words])
        hold('the answer is whole', rows[0]?.n === i && rows[0]?.words === words, rows[0]?.n)
        queries++
      }
      await client.end()
      sessions++
    }
  }
  await Promise.all(Array.from({ length: POSTGRES_SESSIONS }, work))
  note(`postgres: ${queries} queries in ${sessions} sessions, ${POSTGRES_SESSIONS} at a time, 0 errors`)
  const refused = await through(strangersPort)
    .connect()
    .then(
      () => 'connected',
      (error: unknown) => String(error),
    )
  hold('another caller is refused', /ECONNRESET|terminated/.test(refused), refused)
  await holdOutcomes('pg', [caller, server], note)
}

/** What the proxies counted: every connection of the caller went well, and the stranger's was denied. */
async function holdOutcomes(service: string, proxies: readonly MeshService[], note: Note): Promise<void> {
  for (const { proxy } of proxies) {
    const page = await (await fetch(`http://127.0.0.1:${proxy.admin}/metrics`)).text()
    const counts: Record<string, number> = {}
    for (const [, labels = '', n] of page.matchAll(/^heddle_request_total\{([^}]*)\} (\d+)$/gm)) {
      const outcome = /outcome="([^"]*)"/.exec(labels)?.[1]
      if (labels.includes(`destination="${service}"`) && outcome !== undefined)
        counts[outcome] = (counts[outcome] ?? 0) + Number(n)
    }
    const { ok = 0, denied = 0, ...others } = counts
    note(`${service}: the proxy of ${proxy.service} counted ${ok} connections that went well, ${denied} denied`)
    hold('connections were counted', ok > 0, counts)
    hold(
      'no connection went wrong',
      Object.values(others).every((n) => n === 0),
      counts,
    )
    hold('who was denied is counted where it was called', denied > 0 === (proxy.service === service), counts)
  }
}
