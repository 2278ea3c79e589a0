// What /metrics shows of requests and of access rules.
import type { Registry } from 'prom-client'
import type { SeriesLabels } from '../interfaces.ts'
import { CountedHistogram, counter, type Grouped, gauge, type Row } from './collected.ts'
import type { Recorder } from './recorder.ts'
import type { Tally } from './tally.ts'

const ROUTE = ['side', 'destination', 'version', 'route']

export function trafficMetrics(registry: Registry, recorder: Recorder): void {
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
    'Bytes of bodies and of TCP connections, in: towards the service called, out: towards the caller.',
    [...ROUTE, 'direction'],
    each((tally) => [
      [{ direction: 'in' }, tally.of('bytesIn')],
      [{ direction: 'out' }, tally.of('bytesOut')],
    ]),
  )
  counter(registry, 'heddle_rule_hits_total', 'Verdicts of access rules.', ['rule', 'source', 'verdict'], () =>
    Array.from(recorder.rules, ({ row: { rule, source, verdict }, total }): Row => [{ rule, source, verdict }, total]),
  )
  gauge(
    registry,
    'heddle_tcp_connections_open',
    'TCP connections that are open.',
    ['side', 'source', 'destination'],
    () => recorder.open.rows(),
  )
  gauge(registry, 'heddle_requests_in_flight', 'Requests being worked on.', ['side'], () =>
    Object.entries(recorder.inFlightNow).map(([side, n]): Row => [{ side }, n]),
  )
}

function grouped(recorder: Recorder, group: (labels: SeriesLabels) => Record<string, string>): Grouped[] {
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
