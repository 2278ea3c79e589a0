// The numbers of the Service page against the caller's own log of the same calls, and promtool on every process.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { statRoutesOutputSchema, statServicesOutputSchema } from '@heddle/shared/api/index'
import { eventually } from '@heddle/testkit/eventually'
import { seededRandom } from '@heddle/testkit/random'
import { z } from 'zod'
import { load } from '../harness/load.ts'
import { freePort, type Mesh, startMesh } from '../harness/mesh.ts'
import { hold, type Scenario } from './scenario.ts'

const app = fileURLToPath(new URL('../harness/app.ts', import.meta.url))
/** The histogram's promised error, and what lies between the caller's clock and its proxy's. */
const HISTOGRAM_ERROR = 0.022
const OVERHEAD_MS = 5

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.ceil(q * sorted.length) - 1] ?? Number.NaN

const ROUTES = `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: catalog }
spec:
  parentRefs: [{ kind: Service, name: catalog }]
  rules:
    - name: status
      matches: [{ path: { type: PathPrefix, value: /status } }]
      backendRefs: [{ name: catalog-v1 }]
    - name: slow
      backendRefs: [{ name: catalog-v1, weight: 75 }, { name: catalog-v2, weight: 25 }]
`

export const numbers: Scenario = {
  name: 'numbers',
  guarantees:
    'every number of the Service page equals the one from the caller’s own log; promtool accepts every /metrics',
  async run(note) {
    await using mesh = await startMesh()
    for (const version of ['v1', 'v2']) {
      const port = await freePort()
      const command = [process.execPath, app, `${port}`, version]
      await mesh.run({ service: 'catalog', version, appPort: port, command })
    }
    await mesh.apply(ROUTES)
    const caller = await mesh.run({ service: 'caller' })
    const random = seededRandom(7)
    const { answers } = await load({
      rate: 50,
      durationMs: 60_000,
      next: () => {
        const path =
          random() < 0.03
            ? '/status/500'
            : random() < 0.05
              ? '/status/404'
              : `/slow?ms=${Math.floor(20 + 180 * random() ** 2)}`
        return { port: caller.proxy.outbound, host: 'catalog', path }
      },
    })
    const calls: LoggedCall[] = answers.map(({ status, latencyMs, body }) => ({
      status,
      latencyMs,
      version: nameIn(body),
      isSlow: status === 200,
    }))
    const page = await eventually(
      'all is counted',
      async () => {
        const read = await servicePage(mesh, 'catalog')
        return read.golden.requests >= calls.length ? read : undefined
      },
      30_000,
    )
    compare('the service', page.golden, calls, note)
    compare('the service, its own side', page.serverSide, calls, note)
    for (const version of ['v1', 'v2']) {
      const shown = page.versions.find((row) => row.version === version)
      compare(
        version,
        shown,
        calls.filter((made) => made.version === version),
        note,
      )
    }
    for (const [route, isSlow] of [
      ['catalog/slow', true],
      ['catalog/status', false],
    ] as const) {
      const made = calls.filter((one) => one.isSlow === isSlow)
      compare(
        `route ${route}`,
        page.routes.find((row) => row.route === route),
        made,
        note,
      )
    }
    compare(
      'its caller',
      page.callers.find(({ peer }) => peer === 'caller'),
      calls,
      note,
    )
    const charted = page.series.requests.reduce<number>((sum, step) => sum + (step ?? 0), 0)
    const chartedFailures = page.series.failures.reduce<number>((sum, step) => sum + (step ?? 0), 0)
    hold('the chart adds up to the caller’s log', charted === calls.length, { charted, calls: calls.length })
    hold('the failures in the chart add up', chartedFailures === failuresIn(calls), { chartedFailures })

    const { rows } = statServicesOutputSchema.parse(await mesh.json(['stat', 'services', '--window', '5m']))
    compare(
      'heddle stat services',
      goldenSchema.parse({ failures: failuresIn(calls), ...rows.find(({ service }) => service === 'catalog') }),
      calls,
      note,
    )
    const routes = statRoutesOutputSchema.parse(await mesh.json(['stat', 'routes', 'catalog', '--window', '5m']))
    const sum = routes.rows.reduce((total, { requests }) => total + requests, 0)
    hold('the routes add up to the service', sum === calls.length, { sum, calls: calls.length })
    await everyProcessPassesPromtool(mesh, note)
  },
}

interface LoggedCall {
  status: number
  latencyMs: number
  version: string
  isSlow: boolean
}

const nameIn = (body: string): string => z.object({ name: z.string() }).parse(JSON.parse(body)).name
const failuresIn = (calls: readonly LoggedCall[]): number => calls.filter(({ status }) => status >= 500).length

/** What is compared of a golden row of the console's API. */
const goldenSchema = z.object({
  requests: z.number(),
  failures: z.number(),
  successRate: z.number().nullable(),
  latencyMs: z.object({ p50: z.number().nullable(), p95: z.number().nullable(), p99: z.number().nullable() }),
})
type Golden = z.infer<typeof goldenSchema>
const steps = z.array(z.number().nullable())
const pageSchema = z.object({
  golden: goldenSchema,
  serverSide: goldenSchema,
  versions: z.array(goldenSchema.extend({ version: z.string() })),
  routes: z.array(goldenSchema.extend({ route: z.string() })),
  callers: z.array(goldenSchema.extend({ peer: z.string() })),
  series: z.object({ requests: steps, failures: steps }),
})

/** The one answer that the Service page is drawn from. */
const servicePage = (mesh: Mesh, service: string): Promise<z.infer<typeof pageSchema>> =>
  mesh.ask('query', 'services.get', { service, range: { lastMs: 300_000 } }, pageSchema)

function compare(
  what: string,
  shown: Golden | undefined,
  calls: readonly LoggedCall[],
  note: (line: string) => void,
): void {
  const failures = failuresIn(calls)
  const successRate = (100 * (calls.length - failures)) / calls.length
  if (shown === undefined) throw new Error(`${what} is not shown`)
  hold(`${what}: each request is counted once`, shown.requests === calls.length, { shown, calls: calls.length })
  hold(`${what}: failures are equal`, shown.failures === failures, { shown, failures })
  hold(`${what}: success is equal`, Math.abs((shown.successRate ?? 0) - successRate) < 0.01, { shown, successRate })
  const sorted = calls.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b)
  const read: string[] = []
  for (const [name, q] of [
    ['p50', 0.5],
    ['p95', 0.95],
    ['p99', 0.99],
  ] as const) {
    const own = quantile(sorted, q)
    const latency = shown.latencyMs[name] ?? Number.NaN
    read.push(`${name} ${latency.toFixed(1)} / ${own.toFixed(1)} ms`)
    const isWithin = Math.abs(latency - own) <= own * HISTOGRAM_ERROR + OVERHEAD_MS
    hold(`${what}: ${name} is within the histogram's error`, isWithin, { latency, own })
  }
  note(`${what}: ${calls.length} requests, ${failures} failed, equal; shown / in the log: ${read.join(', ')}`)
}

async function everyProcessPassesPromtool(mesh: Mesh, note: (line: string) => void): Promise<void> {
  const up = JSON.parse(readFileSync(join(mesh.home, 'up.json'), 'utf8')) as { controlAdminPort: number }
  const proxies = (await mesh.status()).proxies.map(({ instance, admin }) => [
    instance,
    `http://127.0.0.1:${admin}/metrics`,
  ])
  for (const [name, url] of [
    ...proxies,
    ['control', `http://127.0.0.1:${up.controlAdminPort}/metrics`],
    ['console', `${mesh.consoleUrl}/metrics`],
  ]) {
    const text = await (await fetch(url ?? '')).text()
    const { error, status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input: text,
      encoding: 'utf8',
    })
    if (error !== undefined)
      throw new Error('promtool is not on the PATH (Debian: apt-get install prometheus)', { cause: error })
    hold(`promtool accepts /metrics of ${name}`, status === 0, `${stdout}${stderr}`)
    note(`promtool check metrics: ${name} ok, ${text.split('\n').length} lines`)
  }
}
