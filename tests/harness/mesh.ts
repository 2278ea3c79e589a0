// A whole mesh for a test: `heddle up` in a home of its own on free ports, services beside it with `heddle run`.
// Everything goes through the command line, as its users do it.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeEmbeddedPostgres } from '@heddle/db/embedded/location'
import { type StatusOutput, statusOutputSchema } from '@heddle/shared/api/index'
import { eventually } from '@heddle/testkit/eventually'
import { z } from 'zod'
import { type CommandOptions, type Finished, heddle, type Running } from './command.ts'
import { meshEnvironment } from './environment.ts'

export type ProxyStatus = StatusOutput['proxies'][number]

export interface ServiceOptions {
  service: string
  version?: string
  /** Without it the service is a client only. */
  appPort?: number
  instance?: string
  args?: string[]
  env?: NodeJS.ProcessEnv
  /** Default: a process that does nothing until it is ended. */
  command?: string[]
}

export interface MeshService extends AsyncDisposable {
  running: Running
  proxy: ProxyStatus
  stop(): Promise<Finished>
}

export interface Mesh extends AsyncDisposable {
  home: string
  consoleUrl: string
  env: NodeJS.ProcessEnv
  up: Running
  heddle(args: string[], options?: CommandOptions): Promise<Finished>
  /** Fails with the command's own words unless it exits with 0. */
  ok(args: string[], options?: CommandOptions): Promise<string>
  json(args: string[]): Promise<unknown>
  apply(yaml: string): Promise<string>
  status(): Promise<StatusOutput>
  /** What a page is drawn from: a procedure of the console's API, asked as this machine's admin. */
  ask<T>(type: 'query' | 'mutation', procedure: string, input: unknown, output: z.ZodType<T>): Promise<T>
  run(options: ServiceOptions): Promise<MeshService>
}

/** Draining, then each part's own grace. */
const UP_GRACE_MS = 50_000

const IDLE = [process.execPath, '-e', 'process.stdin.resume(); setInterval(() => {}, 1e9)']

/** A free port below the kernel's ephemeral range (it was free a moment ago). */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    const free = await new Promise<boolean>((resolve) => {
      const server = createServer()
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
    })
    if (free) return port
  }
}

/** `name`: as given to `--instance`. */
function isNamed({ instance, service, version }: ProxyStatus, name: string): boolean {
  return instance.startsWith(`${service}-${version}-${name}-`)
}

/** As the proxy itself says. */
async function isReady({ admin }: ProxyStatus): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${admin}/ready`)).ok
  } catch {
    return false
  }
}

export async function startMesh(options: { args?: string[]; env?: NodeJS.ProcessEnv } = {}): Promise<Mesh> {
  const home = mkdtempSync(join(tmpdir(), 'heddle-mesh-'))
  const [consolePort, controlPort] = [await freePort(), await freePort()]
  const env: NodeJS.ProcessEnv = { ...meshEnvironment(process.env, home), ...options.env }
  const up = heddle(
    ['up', '--console-port', `${consolePort}`, '--control-port', `${controlPort}`, ...(options.args ?? [])],
    { env },
  )
  const consoleUrl = `http://127.0.0.1:${consolePort}`

  const run = (args: string[], commandOptions: CommandOptions = {}): Promise<Finished> =>
    heddle(args, { env, ...commandOptions }).finished
  const ok = async (args: string[], commandOptions: CommandOptions = {}): Promise<string> => {
    const { code, stdout, stderr } = await run(args, commandOptions)
    if (code !== 0) throw new Error(`heddle ${args.join(' ')} exited with ${code}\n${stdout}\n${stderr}`)
    return stdout
  }
  const status = async (): Promise<StatusOutput> => {
    const { stdout, stderr } = await run(['status', '-o', 'json'])
    try {
      return statusOutputSchema.parse(JSON.parse(stdout))
    } catch (error) {
      throw new Error(`heddle status answered ${stdout}\n${stderr}`, { cause: error })
    }
  }

  const removeHome = async (): Promise<void> => {
    if (process.env.HEDDLE_TEST_KEEP !== undefined) return
    // Root's database lies elsewhere.
    await removeEmbeddedPostgres(join(home, 'postgres'))
    rmSync(home, { recursive: true, force: true })
  }

  const started: MeshService[] = []
  const mesh: Mesh = {
    home,
    consoleUrl,
    env,
    up,
    heddle: run,
    ok,
    json: async (args) => JSON.parse(await ok([...args, '-o', 'json'])),
    apply: (yaml) => ok(['apply', '-f', '-'], { input: yaml }),
    status,
    async ask(type, procedure, input, output) {
      const body = JSON.stringify({ json: input })
      const url = `${consoleUrl}/api/trpc/${procedure}`
      const answer = await fetch(type === 'query' ? `${url}?input=${encodeURIComponent(body)}` : url, {
        headers: {
          authorization: `Bearer ${readFileSync(join(home, 'admin-token'), 'utf8').trim()}`,
          'content-type': 'application/json',
        },
        ...(type === 'mutation' && { method: 'POST', body }),
      })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${procedure} answered ${answer.status} ${text}`)
      return z.object({ result: z.object({ data: z.object({ json: output }) }) }).parse(JSON.parse(text)).result.data
        .json
    },
    async run(service) {
      const known = new Set((await status()).proxies.map((proxy) => proxy.instance))
      const flags = [
        ...(service.version === undefined ? [] : ['--version', service.version]),
        ...(service.appPort === undefined ? [] : ['--app-port', `${service.appPort}`]),
        ...(service.instance === undefined ? [] : ['--instance', service.instance]),
        ...(service.args ?? []),
      ]
      const running = heddle(['run', '--service', service.service, ...flags, '--', ...(service.command ?? IDLE)], {
        env: { ...env, ...service.env },
      })
      const exited = running.finished.then(({ code, stderr }) => {
        throw new Error(`heddle run ${service.service} exited with ${code}\n${stderr}`)
      })
      exited.catch(() => {})
      const proxy = await Promise.race([
        exited,
        eventually(
          `${service.service} is ready`,
          async () => {
            const { proxies } = await status()
            const row = proxies.find(
              (p) =>
                p.service === service.service &&
                (service.instance === undefined ? !known.has(p.instance) : isNamed(p, service.instance)) &&
                p.version === (service.version ?? 'v1') &&
                p.connected &&
                p.ready,
            )
            // Of an instance that comes back, the row may be that of the process before.
            return row !== undefined && (await isReady(row)) ? row : undefined
          },
          30_000,
        ),
      ])
      const handle: MeshService = {
        running,
        proxy,
        stop: () => running.stop(),
        [Symbol.asyncDispose]: async () => void (await running.stop()),
      }
      started.push(handle)
      return handle
    },
    async [Symbol.asyncDispose]() {
      const ends = await Promise.allSettled(started.map((service) => service.stop()))
      ends.push(...(await Promise.allSettled([up.stop('SIGTERM', UP_GRACE_MS)])))
      await removeHome()
      for (const end of ends) if (end.status === 'rejected') throw end.reason
    },
  }

  const died = up.finished.then(({ code, stdout, stderr }) => {
    throw new Error(`heddle up exited with ${code}\n${stdout}\n${stderr}`)
  })
  died.catch(() => {})
  const ready = eventually(
    'heddle up is ready',
    async () => (existsSync(join(home, 'up.json')) && (await run(['status'])).code === 0) || undefined,
    180_000,
  )
  try {
    await Promise.race([died, ready])
  } catch (error) {
    await up.stop('SIGTERM', UP_GRACE_MS).catch(() => {})
    await removeHome()
    throw new Error(`${up.stdout()}\n${up.stderr()}`, { cause: error })
  }
  return mesh
}
