// The seeded mesh, brought up as its users do it, and what is in it.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  statRoutesOutputSchema,
  statServicesOutputSchema,
  statusOutputSchema,
  tokenCreateOutputSchema,
} from '@heddle/shared/api/index'
import { meshSettingsSchema } from '@heddle/shared/resources/meshSettings'
import { eventually } from '@heddle/testkit/eventually'
import { heddle, type Running } from '@heddle/tests/harness/command'
import { meshEnvironment } from '@heddle/tests/harness/environment'
import { freePort } from '@heddle/tests/harness/mesh'
import { type MadeOf, SEED_ANNOTATION } from '../seed/earlier.ts'
import { makeMesh } from '../seed/mesh.ts'
import { planTraffic, type TrafficPlan } from '../seed/plan.ts'
import { type MeshSize, SIZE } from './measures.ts'

const READY_MS = 300_000
/** Draining, then each part's own grace. */
const END_MS = 50_000

export interface SeededMesh extends AsyncDisposable {
  /** Base URL of the control plane. */
  control: string
  size: MeshSize
  busiest: string
  /** Label of its busiest route. */
  route: string
  /** As the seeding made its traffic. */
  plan: TrafficPlan
  /** A one-time link for a new admin of that name. */
  linkFor(name: string): Promise<string>
  joinToken(service: string): Promise<string>
  removeUser(name: string): Promise<void>
}

/** What to do before a bench where `home` was never filled; null: nothing. */
export function missingMesh(home: string): string | null {
  return existsSync(join(home, 'postgres'))
    ? null
    : `${home} holds no mesh. Fill it first, which takes about ten minutes:\n  HEDDLE_HOME=${home} npm run seed`
}

export async function startMesh(home: string): Promise<SeededMesh> {
  const env = meshEnvironment(process.env, home)
  const [consolePort, controlPort] = [await freePort(), await freePort()]
  const up = heddle(['up', '--console-port', `${consolePort}`, '--control-port', `${controlPort}`], { env })
  let ended: Promise<unknown> | undefined
  // Once: a second signal would break off the end itself.
  const end = (): Promise<unknown> => {
    ended ??= up.stop('SIGTERM', END_MS)
    return ended
  }
  // A bench that is broken off would leave its mesh behind, and the next one could not start.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, async () => {
      await end().catch(() => {})
      process.exit(1)
    })
  const ok = async (args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await heddle(args, { env }).finished
    // 2: something is degraded, as a seeded mesh is whose proxies never ran.
    if (code !== 0 && code !== 2) throw new Error(`heddle ${args.join(' ')} exited with ${code}: ${stderr}${stdout}`)
    return stdout
  }
  const read = async <T>(args: string[], schema: { parse(value: unknown): T }): Promise<T> =>
    schema.parse(JSON.parse(await ok([...args, '-o', 'json'])))
  try {
    await ready(up, `http://127.0.0.1:${consolePort}`)
    const calls = async (window: string) =>
      (await read(['stat', 'services', '--window', window], statServicesOutputSchema)).rows
    const services = (await calls('1h')).toSorted((a, b) => b.requests - a.requests)
    const busiest = services[0]?.service
    const { annotations } = (await read(['get', 'meshsettings', 'mesh'], meshSettingsSchema)).metadata
    const made = annotations?.[SEED_ANNOTATION]
    if (busiest === undefined || made === undefined)
      throw new Error(`The mesh of ${home} was not made by \`npm run seed\`. Fill another: HEDDLE_HOME=… npm run seed`)
    const routes = (await read(['stat', 'routes', busiest, '--window', '1h'], statRoutesOutputSchema)).rows
    const total = (rows: { requests: number }[]) => rows.reduce((sum, { requests }) => sum + requests, 0)
    const { proxies } = await read(['status'], statusOutputSchema)
    const madeOf = JSON.parse(made) as MadeOf
    const now = Date.now()
    return {
      control: `https://127.0.0.1:${controlPort}`,
      size: {
        services: services.length,
        proxies: proxies.length,
        routes: new Set(routes.map(({ route }) => route)).size,
        hasOldMetrics: total(await calls(`${SIZE.days}d`)) > total(await calls(`${SIZE.days - 1}d`)),
      },
      busiest,
      route: routes.toSorted((a, b) => b.requests - a.requests)[0]?.route ?? 'default',
      plan: planTraffic(makeMesh(madeOf, madeOf.seed), madeOf.seed, now, now),
      async linkFor(name) {
        const stdout = await ok(['user', 'create', name, '--role', 'admin'])
        const link = /https?:\/\/\S+token=[\w-]+/.exec(stdout)?.[0]
        if (link === undefined) throw new Error(`no link for the bench's user: ${stdout}`)
        return link
      },
      joinToken: async (service) =>
        (await read(['token', 'create', '--service', service, '--ttl', '10m'], tokenCreateOutputSchema)).token,
      removeUser: async (name) => void (await ok(['user', 'remove', name])),
      [Symbol.asyncDispose]: async () => void (await end()),
    }
  } catch (error) {
    await end().catch(() => {})
    throw error
  }
}

async function ready(up: Running, origin: string): Promise<void> {
  const died = up.finished.then(({ code, stdout, stderr }) => {
    throw new Error(`heddle up exited with ${code}\n${stdout}\n${stderr}`)
  })
  const isReady = async (): Promise<true | undefined> => {
    const answer = await fetch(`${origin}/api/health`).catch(() => null)
    return answer?.ok === true ? true : undefined
  }
  died.catch(() => {})
  await Promise.race([died, eventually('heddle up is ready', isReady, READY_MS)])
}
