// Ten minutes of traffic at four fifths of what the machine gives, while everything around it changes: a split each second,
// instances that come and go, certificates of a minute.
import { fileURLToPath } from 'node:url'
import { applyOutputSchema } from '@heddle/shared/api/index'
import { freePort, type Mesh, type MeshService, startMesh } from '../harness/mesh.ts'
import { Pace } from '../harness/pace.ts'
import { residentBytes } from '../harness/residentBytes.ts'
import { hold, type Scenario } from './scenario.ts'

const app = fileURLToPath(new URL('../harness/app.ts', import.meta.url))
const MINUTES = 10
const CALIBRATION_MS = 10_000
const LOAD = 0.8
/** What a proxy may grow by after the first minute. */
const GROWTH_BYTES = 32 * 1024 ** 2
const VISIT_MS = 10_000

const split = (v2: number) => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'catalog' },
  spec: {
    parentRefs: [{ kind: 'Service', name: 'catalog' }],
    rules: [
      {
        name: 'all',
        backendRefs: [
          { kind: 'Service', name: 'catalog-v1', weight: 100 - v2 },
          { kind: 'Service', name: 'catalog-v2', weight: v2 },
        ],
      },
    ],
  },
})

/** Until `signal`, once a second, another split; how many there were. */
async function shift(mesh: Mesh, signal: AbortSignal): Promise<number> {
  let made = 0
  while (!signal.aborted) {
    await mesh.ask('mutation', 'config.put', { documents: [split(10 + ((made * 7) % 80))] }, applyOutputSchema)
    made++
    await pause(1_000, signal)
  }
  return made
}

/** Until `signal`, an instance of v1 that comes for ten seconds and goes; how often. */
async function visit(startInstance: () => Promise<MeshService>, signal: AbortSignal): Promise<number> {
  let visits = 0
  while (!signal.aborted) {
    const visitor = await startInstance()
    await pause(VISIT_MS, signal)
    await visitor.stop()
    visits++
  }
  return visits
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const timer = setTimeout(done, ms)
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done)
  })
}

export const churn: Scenario = {
  name: 'churn',
  guarantees: `${MINUTES} minutes at 80 % load, a split each second, instances that come and go, leaves of 60 s: 0 failed`,
  async run(note) {
    await using mesh = await startMesh()
    await mesh.apply(
      'apiVersion: heddle.dev/v1\nkind: MeshSettings\nmetadata: { name: mesh }\nspec: { leafCertificateTtl: 60s }\n',
    )
    const startInstance = async (version: string, instance: string): Promise<MeshService> => {
      const port = await freePort()
      const command = [process.execPath, app, `${port}`, `catalog-${version}`]
      return mesh.run({ service: 'catalog', version, instance, appPort: port, command })
    }
    const stable = [await startInstance('v1', 'a'), await startInstance('v2', 'b')]
    const caller = await mesh.run({ service: 'caller' })
    await mesh.ask('mutation', 'config.put', { documents: [split(50)] }, applyOutputSchema)
    const pace = new Pace(() => ({ port: caller.proxy.outbound, host: 'catalog', path: '/' }))

    const done = new AbortController()
    const around = [shift(mesh, done.signal), visit(() => startInstance('v1', 'c'), done.signal)]
    // What is possible is found out under the same churn.
    const most = await pace.closed({ concurrency: 32, durationMs: CALIBRATION_MS })
    const rate = Math.floor(LOAD * most.perSecond)
    note(`${most.perSecond.toFixed(0)} requests/s at most, ${most.failed} failed; goes on with ${rate}`)
    const proxies = [caller, ...stable]
    const resident = () => Promise.all(proxies.map(residentBytes))
    const first = await pace.open({ rate, durationMs: 60_000 })
    const early = await resident()
    const rest = await pace.open({ rate, durationMs: (MINUTES - 1) * 60_000 })
    const late = await resident()
    done.abort()
    const [splits = 0, visits = 0] = await Promise.all(around)

    const megabytes = (list: readonly number[]) => list.map((bytes) => Math.round(bytes / 1024 ** 2)).join(', ')
    note(
      `${first.requests + rest.requests} requests, ${first.failed + rest.failed} failed; ${splits} splits, ${visits} instances came and went`,
    )
    note(`late starts at most ${Math.max(first.latestMs, rest.latestMs).toFixed(0)} ms behind the schedule`)
    note(`resident after 1 min ${megabytes(early)} MB, at the end ${megabytes(late)} MB`)
    const failures = { calibration: most.failures, first: first.failures, rest: rest.failures }
    hold('no request failed', most.failed + first.failed + rest.failed === 0, failures)
    hold(
      'memory stays flat',
      late.every((bytes, i) => bytes - (early[i] ?? 0) < GROWTH_BYTES),
      { early, late },
    )
  },
}
