// The sample shop: each program under a `heddle run` of its own, as a user would start it, and its manifests applied
// once. What an operator changes afterwards stays, also over the next start.
import { createServer } from 'node:net'
import { join } from 'node:path'
import { systemClock } from '@heddle/shared/clock'
import { programOf } from '../../bin/bundled.mjs'
import type { ConsoleClient } from '../console/client.ts'
import type { Home } from '../home.ts'
import { parseManifest } from '../manifest/parse.ts'
import { nameIn } from '../manifest/resourceHead.ts'
import { readSources } from '../manifest/sources.ts'
import { spawnChild } from '../supervise/child.ts'
import { childEnvironment } from '../supervise/childEnvironment.ts'
import { PROGRAMS, repository } from '../supervise/programs.ts'
import { type Running, type Supervised, sleep, supervise } from '../supervise/supervisor.ts'
import { AdviceError } from '../terminal/advice.ts'

/** Draining takes 2 s, a little more when many end at once. */
const STOP_GRACE_MS = 45_000
/** Below the kernel's ephemeral ports, away from what people use. */
const FIRST_APP_PORT = 18_100
const APP_PORTS = 400

const READY_PATIENCE_MS = 60_000
const READY_POLL_MS = 300

interface ShopProgram {
  /** Name of the state directory, so that a second start is the same instance. */
  instance: string
  service: string
  version: string
  program: string
  isServer: boolean
}

const server = (service: string, version = 'v1', n = 1): ShopProgram => ({
  instance: `${service}-${version}-${n}`,
  service,
  version,
  program: service,
  isServer: true,
})

/** Those that are called come first. */
const SHOP: readonly ShopProgram[] = [
  server('catalog', 'v1', 1),
  server('catalog', 'v1', 2),
  server('catalog', 'v2', 1),
  server('cart'),
  server('payments'),
  server('shipping'),
  server('checkout'),
  server('storefront'),
  { instance: 'traffic-v1-1', service: 'traffic', version: 'v1', program: 'traffic', isServer: false },
]

export interface Demo {
  stop(): Promise<void>
}

export interface DemoOptions {
  home: Home
  client: ConsoleClient
  /** This process's environment: RATE reaches the traffic. */
  variables: Readonly<Record<string, string | undefined>>
  note: (line: string) => void
  signal: AbortSignal
}

export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { home, client, variables, note, signal } = options
  await applyManifestsOnce(client)
  const ports = await freePorts(SHOP.length)
  const logFile = (name: string): string => join(home.logDirectory, `shop-${name}`)
  const running: Supervised<Running>[] = []
  const stop = async (): Promise<void> => {
    // The traffic first, or it would count the shop's end as failures.
    const [traffic, ...rest] = running.toReversed()
    await traffic?.stop()
    await Promise.all(rest.map((one) => one.stop()))
  }
  try {
    for (const [i, part] of SHOP.entries()) {
      signal.throwIfAborted()
      if (!part.isServer) await untilServersAreReady(client, signal)
      const port = ports[i] ?? 0
      const start = async (): Promise<Running> => {
        const child = await spawnChild({
          name: part.instance,
          args: [
            programOf(repository, ['run']),
            'run',
            ...['--service', part.service, '--version', part.version, '--instance', part.instance],
            ...(part.isServer ? ['--app-port', String(port)] : []),
            '--',
            process.execPath,
            join(PROGRAMS.shop, 'src', `${part.program}.ts`),
          ],
          env: shopEnvironment(variables, home, {
            PORT: String(port),
            VERSION: part.version,
            ...(part.isServer ? {} : { LOG_FILE: logFile('traffic.jsonl') }),
          }),
          logFile: logFile(`${part.instance}.log`),
        })
        return { exited: child.exited, stop: () => child.stop(STOP_GRACE_MS) }
      }
      running.push(
        await supervise({
          name: `the shop's ${part.instance}`,
          start,
          note,
          clock: systemClock,
          random: Math.random,
          sleep,
        }),
      )
    }
    return { stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The mesh of this HEDDLE_HOME, whatever else the user's shell points to, and none of `up`'s own secrets. */
export function shopEnvironment(
  variables: DemoOptions['variables'],
  home: Home,
  set: Readonly<Record<string, string>>,
): Record<string, string | undefined> {
  return childEnvironment(variables, home.compileCacheDirectory, { ...set, HEDDLE_HOME: home.directory })
}

/** Shoppers who came before the doors open would count as failures. Who is not ready after a while is not waited for. */
async function untilServersAreReady(client: ConsoleClient, signal: AbortSignal): Promise<void> {
  const wanted = SHOP.filter(({ isServer }) => isServer).map(({ instance }) => instance)
  for (let waitedMs = 0; waitedMs < READY_PATIENCE_MS; waitedMs += READY_POLL_MS) {
    signal.throwIfAborted()
    const { proxies } = await client.call('status.get')
    const ready = proxies.filter((proxy) => proxy.connected && proxy.ready).map(({ instance }) => instance)
    // An instance is named after its state directory, with four letters behind.
    if (wanted.every((name) => ready.some((instance) => instance.startsWith(`${name}-`)))) return
    await sleep(READY_POLL_MS, signal)
  }
}

/** Nothing is applied where the shop was before: an operator's weights are not ours to put back. */
async function applyManifestsOnce(client: ConsoleClient): Promise<void> {
  const { resources } = await client.call('config.get', { kind: 'Service' })
  if (resources.some((resource) => nameIn(resource) === 'storefront')) return
  const manifests = readSources([join(PROGRAMS.shop, 'manifests')]).map(parseManifest)
  const documents = manifests.flatMap((manifest) => manifest.documents.map(({ value }) => value))
  const { mistakes } = await client.call('config.put', { documents })
  const first = mistakes[0]
  if (first !== undefined) throw new AdviceError(`the shop's manifests were refused: ${first.message}`)
}

async function freePorts(count: number): Promise<number[]> {
  const free: number[] = []
  for (let port = FIRST_APP_PORT; free.length < count && port < FIRST_APP_PORT + APP_PORTS; port++)
    if (await isFree(port)) free.push(port)
  if (free.length < count)
    throw new AdviceError(
      `no ${count} free ports from ${FIRST_APP_PORT} to ${FIRST_APP_PORT + APP_PORTS} for the shop.`,
    )
  return free
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
