// /metrics in Prometheus' text form. Loaded at the first scrape: a proxy that nobody scrapes does without prom-client.
// The numbers are the recorder's own; each metric here only knows how to read them when it is asked.
import { readdirSync } from 'node:fs'
import { upperBoundMs } from '@heddle/shared/histogram'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Recorder } from './recorder.ts'
import type { Labels } from './series.ts'
import type { Tally } from './tally.ts'

/** Buckets of the histogram, seconds. The wire's own is finer; this one is for dashboards. */
const BUCKETS_S = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** What /metrics shows besides traffic: read, never kept. */
export interface ProcessFacts {
  client: { readonly isConnected: boolean }
  store: { readonly position: { revision: number } | null }
  session: { readonly counters: { applied: number; refused: number } }
  identity: { current(): { notAfter: number } }
  state: { readonly writable: boolean; readonly failedWrites: number }
  reports: { readonly waiting: number; readonly dropped: number }
  log: { readonly dropped: number }
  readiness: { readonly isReady: boolean }
}

type Row = [Record<string, string>, number]

/** One counter whose values are read at each scrape. */
function counter(
  registry: Registry,
  name: string,
  help: string,
  labelNames: string[],
  rows: () => Iterable<Row>,
): void {
  new Counter({
    name,
    help,
    labelNames,
    registers: [registry],
    collect() {
      this.reset()
      for (const [labels, value] of rows()) this.inc(labels, value)
    },
  })
}

function gauge(registry: Registry, name: string, help: string, labelNames: string[], rows: () => Iterable<Row>): void {
  new Gauge({
    name,
    help,
    labelNames,
    registers: [registry],
    collect() {
      this.reset()
      for (const [labels, value] of rows()) this.set(labels, value)
    },
  })
}

type Grouped = { labels: Record<string, string>; tally: Tally }

/** prom-client's histogram only takes observations; this one shows buckets that were counted elsewhere. */
class CountedHistogram extends Histogram<string> {
  readonly #read: () => Iterable<Grouped>
  readonly #name: string
  readonly #help: string

  constructor(registry: Registry, name: string, help: string, labelNames: string[], read: () => Iterable<Grouped>) {
    super({ name, help, labelNames, buckets: BUCKETS_S, registers: [] })
    this.#read = read
    this.#name = name
    this.#help = help
    registry.registerMetric(this)
  }

  /** What prom-client makes the text form from; its type declarations do not show it. */
  getForPromString() {
    const values: { metricName: string; labels: Record<string, string | number>; value: number }[] = []
    for (const { labels, tally } of this.#read()) {
      const { index, count } = tally.latency()
      let total = 0
      let at = 0
      for (const le of BUCKETS_S) {
        // A fine bucket counts where its upper bound lies: never in a bucket that it may exceed.
        while (at < index.length && upperBoundMs(index[at] ?? 0) <= le * 1_000) total += count[at++] ?? 0
        values.push({ metricName: `${this.#name}_bucket`, labels: { ...labels, le }, value: total })
      }
      while (at < index.length) total += count[at++] ?? 0
      values.push({ metricName: `${this.#name}_bucket`, labels: { ...labels, le: '+Inf' }, value: total })
      values.push({ metricName: `${this.#name}_sum`, labels, value: tally.latencySumMs / 1_000 })
      values.push({ metricName: `${this.#name}_count`, labels, value: total })
    }
    return { name: this.#name, help: this.#help, type: 'histogram', values }
  }
}

export function createRegistry(recorder: Recorder, facts: ProcessFacts): Registry {
  const registry = new Registry()
  traffic(registry, recorder)
  mesh(registry, recorder, facts)
  runtime(registry)
  return registry
}

const ROUTE = ['side', 'destination', 'version', 'route']

function traffic(registry: Registry, recorder: Recorder): void {
  const routes = () =>
    grouped(recorder, ({ side, destination, version, route }) => ({ side, destination, version, route }))
  const edges = () => grouped(recorder, ({ side, source, destination }) => ({ side, source, destination }))
  const each = (read: (tally: Tally) => Iterable<Row>) => () =>
    routes().flatMap(({ labels, tally }) => Array.from(read(tally), ([own, n]): Row => [{ ...labels, ...own }, n]))
  const outcomes = (tally: Tally): Row[] => [
    [{ outcome: 'ok' }, tally.of('ok')],
    [{ outcome: 'client_error' }, tally.of('clientError')],
    [{ outcome: 'server_error' }, tally.of('serverError')],
    [{ outcome: 'mesh_error' }, tally.meshErrors().reduce((sum, [, n]) => sum + n, 0)],
    [{ outcome: 'denied' }, tally.of('denied')],
    [{ outcome: 'limited' }, tally.of('limited')],
    [{ outcome: 'cancelled' }, tally.of('cancelled')],
  ]
  counter(
    registry,
    'heddle_request_total',
    'Requests that have ended, by outcome.',
    [...ROUTE, 'outcome'],
    each(outcomes),
  )
  counter(
    registry,
    'heddle_edge_request_total',
    'Requests that have ended, by caller and service called.',
    ['side', 'source', 'destination', 'outcome'],
    () => edges().flatMap(({ labels, tally }) => outcomes(tally).map(([own, n]): Row => [{ ...labels, ...own }, n])),
  )
  new CountedHistogram(
    registry,
    'heddle_request_duration_seconds',
    'Time from the head of a request to the head of its answer, without cancelled requests.',
    ROUTE,
    routes,
  )
  counter(
    registry,
    'heddle_mesh_errors_total',
    'Answers that the mesh itself gave, by code.',
    [...ROUTE, 'code'],
    each((tally) => tally.meshErrors().map(([code, n]): Row => [{ code }, n])),
  )
  counter(
    registry,
    'heddle_retries_total',
    'Repeats of requests that were made.',
    ROUTE,
    each((t) => [[{}, t.of('retriesMade')]]),
  )
  counter(
    registry,
    'heddle_retries_skipped_total',
    'Repeats that were called for and not made, by reason.',
    [...ROUTE, 'reason'],
    each((tally) => tally.retriesSkipped().map(([reason, n]): Row => [{ reason }, n])),
  )
  counter(
    registry,
    'heddle_requests_recovered_total',
    'Requests that succeeded after at least one repeat.',
    ROUTE,
    each((tally) => [[{}, tally.of('recovered')]]),
  )
  counter(
    registry,
    'heddle_request_bytes_total',
    'Bytes of bodies, in: towards the service called, out: towards the caller.',
    [...ROUTE, 'direction'],
    each((tally) => [
      [{ direction: 'in' }, tally.of('bytesIn')],
      [{ direction: 'out' }, tally.of('bytesOut')],
    ]),
  )
  counter(registry, 'heddle_rule_hits_total', 'Verdicts of access rules.', ['rule', 'source', 'verdict'], () =>
    Array.from(
      recorder.rules.values(),
      ({ row: { rule, source, verdict }, total }): Row => [{ rule, source, verdict }, total],
    ),
  )
  gauge(registry, 'heddle_requests_in_flight', 'Requests being worked on.', ['side'], () =>
    Object.entries(recorder.inFlightNow).map(([side, n]): Row => [{ side }, n]),
  )
}

function mesh(registry: Registry, recorder: Recorder, facts: ProcessFacts): void {
  const event = (name: Parameters<Recorder['event']>[0]) => (): Row[] => [[{}, recorder.events.get(name) ?? 0]]
  const value = (read: () => number) => (): Row[] => [[{}, read()]]
  const flag = (read: () => boolean) => value(() => (read() ? 1 : 0))
  counter(registry, 'heddle_connections_refused_total', 'Peers refused for their identity.', [], event('peer_refused'))
  counter(
    registry,
    'heddle_connections_failed_total',
    'Connections that could not be made.',
    [],
    event('connection_failed'),
  )
  counter(
    registry,
    'heddle_endpoint_ejections_total',
    'Endpoints left alone after failures.',
    [],
    event('endpoint_ejected'),
  )
  counter(registry, 'heddle_endpoint_restorations_total', 'Endpoints taken back.', [], event('endpoint_restored'))
  gauge(
    registry,
    'heddle_control_connected',
    '1 while a control plane is connected.',
    [],
    flag(() => facts.client.isConnected),
  )
  gauge(
    registry,
    'heddle_config_revision',
    'Revision of the config in force.',
    [],
    value(() => facts.store.position?.revision ?? 0),
  )
  counter(
    registry,
    'heddle_config_applied_total',
    'Messages of config put into force.',
    [],
    value(() => facts.session.counters.applied),
  )
  counter(
    registry,
    'heddle_config_refused_total',
    'Messages of config refused.',
    [],
    value(() => facts.session.counters.refused),
  )
  gauge(
    registry,
    'heddle_certificate_expiry_timestamp_seconds',
    'End of the validity of the certificate in force.',
    [],
    value(() => facts.identity.current().notAfter / 1_000),
  )
  gauge(
    registry,
    'heddle_state_writable',
    '0 while the state directory takes no writes.',
    [],
    flag(() => facts.state.writable),
  )
  counter(
    registry,
    'heddle_state_write_failures_total',
    'Writes of state that failed.',
    [],
    value(() => facts.state.failedWrites),
  )
  gauge(
    registry,
    'heddle_reports_waiting',
    'Metric reports not yet acknowledged.',
    [],
    value(() => facts.reports.waiting),
  )
  counter(
    registry,
    'heddle_reports_dropped_total',
    'Metric reports given up after 15 minutes.',
    [],
    value(() => facts.reports.dropped),
  )
  counter(
    registry,
    'heddle_log_lines_dropped_total',
    'Log lines that could not be written.',
    [],
    value(() => facts.log.dropped),
  )
  gauge(
    registry,
    'heddle_ready',
    '1 while this instance takes traffic.',
    [],
    flag(() => facts.readiness.isReady),
  )
  gauge(
    registry,
    'heddle_series',
    'Series that requests are counted in.',
    [],
    value(() => recorder.series.size),
  )
  counter(
    registry,
    'heddle_series_folded_total',
    'Times that a new series was counted as "other" because there are too many.',
    [],
    value(() => recorder.series.folded),
  )
}

/** prom-client's own defaults measure the event loop and every collection all the time; these cost nothing between scrapes. */
function runtime(registry: Registry): void {
  const startedAt = Date.now() / 1_000 - process.uptime()
  counter(registry, 'process_cpu_seconds_total', 'User and system CPU time.', [], () => {
    const { user, system } = process.cpuUsage()
    return [[{}, (user + system) / 1e6]]
  })
  gauge(registry, 'process_resident_memory_bytes', 'Resident memory.', [], () => [[{}, process.memoryUsage.rss()]])
  gauge(registry, 'process_start_time_seconds', 'Start of the process since the Unix epoch.', [], () => [
    [{}, startedAt],
  ])
  gauge(registry, 'process_open_fds', 'Open file descriptors.', [], () => {
    try {
      return [[{}, readdirSync('/proc/self/fd').length]]
    } catch {
      return []
    }
  })
  gauge(registry, 'nodejs_heap_size_used_bytes', 'Used heap of the JavaScript engine.', [], () => [
    [{}, process.memoryUsage().heapUsed],
  ])
}

function grouped(recorder: Recorder, group: (labels: Labels) => Record<string, string>): Grouped[] {
  const groups = new Map<string, Grouped>()
  for (const series of recorder.series) {
    const labels = group(series.labels)
    const key = Object.values(labels).join('\n')
    const known = groups.get(key)
    if (known === undefined) groups.set(key, { labels, tally: series.total() })
    else known.tally.add(series.total())
  }
  return [...groups.values()]
}
