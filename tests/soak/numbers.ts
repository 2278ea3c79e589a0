// The mesh's numbers against the caller's own log of the same calls, and promtool on every process.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { statRoutesOutputSchema, statServicesOutputSchema } from '@heddle/shared/api/index'
import { eventually } from '@heddle/testkit/eventually'
import { seededRandom } from '@heddle/testkit/random'
import { load } from '../harness/load.ts'
import { freePort, type Mesh, startMesh } from '../harness/mesh.ts'
import { hold, type Scenario } from './scenario.ts'

const app = fileURLToPath(new URL('../harness/app.ts', import.meta.url))
/** The histogram's promised error, and what lies between the caller's clock and its proxy's. */
const HISTOGRAM_ERROR = 0.022
const OVERHEAD_MS = 5

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.ceil(q * sorted.length) - 1] ?? Number.NaN

export const numbers: Scenario = {
  name: 'numbers',
  guarantees:
    'requests, success rate and latencies equal those of the caller’s own log; promtool accepts every /metrics',
  async run(note) {
    await using mesh = await startMesh()
    const port = await freePort()
    await mesh.run({ service: 'catalog', appPort: port, command: [process.execPath, app, `${port}`, 'catalog'] })
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
    const failed = answers.filter(({ status }) => status >= 500).length
    const sorted = answers.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b)
    const expected = { requests: answers.length, successRate: (100 * (answers.length - failed)) / answers.length }

    const row = await eventually(
      'all is counted',
      async () => {
        const { rows } = statServicesOutputSchema.parse(await mesh.json(['stat', 'services', '--window', '5m']))
        const found = rows.find(({ service }) => service === 'catalog')
        return found && found.requests >= expected.requests ? found : undefined
      },
      30_000,
    )
    note(
      `requests ${row.requests} = ${expected.requests}; success ${row.successRate} ≈ ${expected.successRate.toFixed(3)} %`,
    )
    hold('each request is counted once', row.requests === expected.requests, { row, expected })
    hold('the success rate is equal', Math.abs((row.successRate ?? 0) - expected.successRate) < 0.01, { row, expected })
    for (const [name, q] of [
      ['p50', 0.5],
      ['p95', 0.95],
      ['p99', 0.99],
    ] as const) {
      const own = quantile(sorted, q)
      const shown = row.latencyMs[name] ?? Number.NaN
      note(`${name}: ${shown.toFixed(1)} ms shown, ${own.toFixed(1)} ms in the caller's log`)
      hold(`${name} is within the histogram's error`, Math.abs(shown - own) <= own * HISTOGRAM_ERROR + OVERHEAD_MS, {
        shown,
        own,
      })
    }
    const routes = statRoutesOutputSchema.parse(await mesh.json(['stat', 'routes', 'catalog', '--window', '5m']))
    const sum = routes.rows.reduce((total, { requests }) => total + requests, 0)
    hold('the routes add up to the service', sum === row.requests, { sum, requests: row.requests })
    await everyProcessPassesPromtool(mesh, note)
  },
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
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' })
    hold(`promtool accepts /metrics of ${name}`, status === 0, `${stdout}${stderr}`)
    note(`promtool check metrics: ${name} ok, ${text.split('\n').length} lines`)
  }
}
