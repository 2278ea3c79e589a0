// stat.*: the pages' numbers for the command line, over the last so many milliseconds.
import { formatDurationMs } from '@heddle/shared/duration'
import type { Console } from '../console.ts'
import { readShownEdges, readShownRoutes } from '../metrics/queries.ts'
import { type ReadRange, resolveRange } from '../metrics/range.ts'
import { readSpans, type Spans } from '../metrics/spans.ts'
import { sumBy, Totals } from '../metrics/totals.ts'
import type { Golden } from '../schemas/numbers.ts'
import { retriesOf } from './routes.ts'

interface StatInput {
  windowMs: number
  service?: string | undefined
  /** A label, or the name of an HTTPRoute. */
  route?: string | undefined
}

/** A window is exact to 10 s as long as the table that holds its beginning is. */
async function windowOf(
  console: Console,
  { windowMs }: StatInput,
): Promise<ReadRange & { spans: Spans; window: string }> {
  const range = resolveRange({ lastMs: windowMs }, console.control.now(), 10_000)
  const [{ instances }, since] = await Promise.all([console.mesh.current(), console.metrics.since()])
  const spans = await readSpans(console.metrics, { range, since, instances })
  return { ...range, spans, window: formatDurationMs(Math.round(windowMs)) }
}

const total = { total: true }
const SEPARATOR = '\0'

/** The command line's rows have no count of failures of their own. */
function numbersOf(totals: Totals | undefined, spanMs: number): Omit<Golden, 'failures'> {
  const { failures: _failures, ...numbers } = (totals ?? new Totals()).golden(spanMs)
  return numbers
}

export async function statServices(console: Console, input: StatInput) {
  const mesh = await console.mesh.current()
  const { spans, window, ...range } = await windowOf(console, input)
  const filter = input.service === undefined ? {} : { destinations: [input.service] }
  const { rows } = await readShownEdges(console.metrics, range, filter, total)
  const totals = sumBy(rows, ({ destination }) => destination)
  const services = [...mesh.services.keys()].filter((name) => input.service === undefined || name === input.service)
  return {
    window,
    rows: services.sort().map((service) => ({ service, ...numbersOf(totals.get(service), spans.of(service)) })),
  }
}

export async function statRoutes(console: Console, input: StatInput) {
  const { spans, window, ...range } = await windowOf(console, input)
  const filter = input.service === undefined ? {} : { destinations: [input.service] }
  const { rows } = await readShownRoutes(console.metrics, range, filter, total)
  const { route: wanted } = input
  const shown =
    wanted === undefined ? rows : rows.filter(({ route }) => route === wanted || route.startsWith(`${wanted}/`))
  const totals = sumBy(shown, (row) => [row.destination, row.version, row.route].join(SEPARATOR))
  return {
    window,
    rows: [...totals].sort(byKey).map(([key, sum]) => {
      const [service = '', version = '', route = ''] = key.split(SEPARATOR)
      const { made, skipped } = retriesOf(sum)
      return {
        service,
        version,
        route,
        ...numbersOf(sum, spans.ofVersions(service, new Set([version]))),
        retries: { made, skipped },
      }
    }),
  }
}

export async function statEdges(console: Console, input: StatInput) {
  const { spans, window, ...range } = await windowOf(console, input)
  const filter = input.service === undefined ? {} : { service: input.service }
  const { rows } = await readShownEdges(console.metrics, range, filter, total)
  const totals = sumBy(rows, (row) => [row.source, row.destination].join(SEPARATOR))
  return {
    window,
    rows: [...totals].sort(byKey).map(([key, sum]) => {
      const [source = '', destination = ''] = key.split(SEPARATOR)
      return { source, destination, ...numbersOf(sum, spans.of(destination)) }
    }),
  }
}

function byKey([a]: readonly [string, Totals], [b]: readonly [string, Totals]): number {
  return a < b ? -1 : 1
}
