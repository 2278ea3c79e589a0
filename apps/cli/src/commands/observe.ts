// stat, status: what happens, and whether all is well.
import { formatDurationMs } from '@heddle/shared/duration'
import { degradedStatus } from '../console/degradedStatus.ts'
import { nameIn } from '../manifest/resourceHead.ts'
import { AdviceError, usageError } from '../terminal/advice.ts'
import { nearest } from '../terminal/didYouMean.ts'
import { EXIT } from '../terminal/exitCodes.ts'
import { formatJson, formatTable } from '../terminal/print.ts'
import { readDuration } from './accounts.ts'
import type { Context } from './context.ts'

/** Who asks whether all is well wants to know soon; a healthy console answers within a second. */
const STATUS_TIMEOUT_MS = 5_000

/** As `statInputSchema` has them: proxies report each 10 s, and metrics are kept for 400 days at most. */
const SHORTEST_WINDOW_MS = 10_000
const LONGEST_WINDOW_MS = 400 * 24 * 3_600_000

export const STATS = ['services', 'routes', 'edges'] as const
export type Stat = (typeof STATS)[number]

interface Golden {
  requestsPerSecond: number
  successRate: number | null
  latencyMs: { p50: number | null; p95: number | null; p99: number | null }
}

const GOLDEN_HEAD = ['SUCCESS', 'RPS', 'P50', 'P95', 'P99']

/** 99.5 % but never a rounded-up 100: what failed must show. */
function percent(value: number | null): string {
  if (value === null) return '-'
  return `${(Math.floor(value * 100) / 100).toFixed(2)} %`
}

const ms = (value: number | null): string =>
  value === null ? '-' : `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`

const golden = ({ successRate, requestsPerSecond, latencyMs }: Golden): string[] => [
  percent(successRate),
  requestsPerSecond.toFixed(requestsPerSecond < 10 ? 2 : 1),
  ms(latencyMs.p50),
  ms(latencyMs.p95),
  ms(latencyMs.p99),
]

/** `--window`, in milliseconds; throws a usage error. */
export function readWindow(text: string): number {
  const windowMs = readDuration(text, '--window')
  if (windowMs < SHORTEST_WINDOW_MS) throw usageError(`--window ${text}: the window must be at least 10s`)
  if (windowMs > LONGEST_WINDOW_MS) throw usageError(`--window ${text}: the window must be at most 400d`)
  return windowMs
}

export async function stat(
  context: Context,
  what: Stat,
  filter: { service: string | undefined; windowMs: number; route?: string | undefined },
  isJson: boolean,
): Promise<void> {
  const { client, terminal } = context
  const { service, windowMs } = filter
  if (service !== undefined) await needService(context, service)
  const input = service === undefined ? { windowMs } : { windowMs, service }
  switch (what) {
    case 'services': {
      const output = await client.call('stat.services', input)
      if (isJson) return terminal.out(formatJson(output))
      const rows = output.rows.map((row) => [row.service, ...golden(row)])
      table(context, ['SERVICE', ...GOLDEN_HEAD], rows, NO_SERVICE)
      if (rows.length > 0 && output.rows.every(({ requests }) => requests === 0)) terminal.note(noCall(filter))
      return
    }
    case 'routes': {
      const { route } = filter
      const output = await client.call('stat.routes', route === undefined ? input : { ...input, route })
      if (isJson) return terminal.out(formatJson(output))
      const head = ['SERVICE', 'VERSION', 'ROUTE', ...GOLDEN_HEAD, 'RETRIES', 'NOT RETRIED']
      const rows = output.rows.map((row) => {
        const skipped = Object.values(row.retries.skipped).reduce((sum, n) => sum + n, 0)
        return [row.service, row.version, row.route, ...golden(row), String(row.retries.made), String(skipped)]
      })
      if (route !== undefined && rows.length === 0)
        return terminal.out(`No call was counted under the route ${route} in this window.`)
      return table(context, head, rows, noCall(filter))
    }
    case 'edges': {
      const output = await client.call('stat.edges', input)
      if (isJson) return terminal.out(formatJson(output))
      const rows = output.rows.map((row) => [row.source, row.destination, ...golden(row)])
      return table(context, ['FROM', 'TO', ...GOLDEN_HEAD], rows, noCall(filter))
    }
  }
}

const NO_SERVICE = 'No service has joined yet: "heddle run --service NAME -- CMD" does.'

/** Rows of routes and edges are of calls; that there is none says nothing of services. */
const noCall = ({ service, windowMs }: { service: string | undefined; windowMs: number }): string =>
  `No call${service === undefined ? '' : ` that concerns ${service}`} was counted in the last ` +
  `${formatDurationMs(windowMs)}. A call shows here some 15 s after it was made.`

function table({ terminal }: Context, head: string[], rows: string[][], empty: string): void {
  terminal.out(rows.length === 0 ? empty : formatTable(head, rows))
}

/** Throws advice with the nearest name where no service is called so. */
async function needService({ client }: Context, service: string): Promise<void> {
  const { resources } = await client.call('config.get', { kind: 'Service' })
  const names = resources.map(nameIn)
  if (names.includes(service)) return
  const near = nearest(service, names)
  throw new AdviceError(`unknown service "${service}"${near === undefined ? '' : `, did you mean "${near}"?`}`, {
    advice: near === undefined ? '"heddle get services" lists what there is.' : undefined,
  })
}

/** The exit code: 0, or 2 where something is degraded. */
export async function status({ client, terminal, url, home }: Context, isJson: boolean): Promise<number> {
  const { status: state, reason } = await client
    .call('status.get', undefined, { timeoutMs: STATUS_TIMEOUT_MS })
    .then((answer) => ({ status: answer, reason: undefined }))
    .catch((error: unknown) => degradedStatus(error, url, home))
  const wanting = state.proxies.filter((proxy) => proxy.state !== 'lapsed' && (!proxy.connected || !proxy.ready))
  const isWell = state.control.ready && state.database.ready && wanting.length === 0
  if (reason !== undefined) terminal.note(`degraded: ${reason}`)
  if (isJson) terminal.out(formatJson(state))
  else {
    terminal.out(`control plane ${state.control.ready ? 'ready' : 'NOT READY'}`)
    terminal.out(`database      ${state.database.ready ? 'ready' : 'NOT READY'}`)
    terminal.out(`config        revision ${state.configVersion}`)
    if (state.proxies.length > 0) {
      const head = [
        'INSTANCE',
        'SERVICE',
        'VERSION',
        'STATE',
        'CONFIG',
        'OUTBOUND',
        'INBOUND',
        'ADMIN',
        'CERTIFICATE UNTIL',
      ]
      const rows = state.proxies.map((proxy) => [
        proxy.instance,
        proxy.service,
        proxy.version,
        proxy.state ?? (proxy.connected ? (proxy.ready ? 'ready' : 'not ready') : 'away'),
        proxy.configVersion === null ? '-' : String(proxy.configVersion),
        String(proxy.outbound),
        proxy.inbound === null ? '-' : String(proxy.inbound),
        String(proxy.admin),
        proxy.certificateExpiresAt ?? '-',
      ])
      terminal.out(`\n${formatTable(head, rows)}`)
    }
    if (wanting.length > 0) terminal.note(`degraded: ${wanting.map(({ instance }) => instance).join(', ')}`)
  }
  return isWell ? EXIT.ok : EXIT.degraded
}
