// What /metrics shows of this proxy itself: its part in the mesh, and its process.
import type { Registry } from 'prom-client'
import { counter, gauge, type Row } from './collected.ts'
import type { Recorder } from './recorder.ts'
import type { Usage } from './usage.ts'

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
  workers: { running(): number; ended(): number; hung(): number; usage(): Usage }
}

export function meshMetrics(registry: Registry, recorder: Recorder, facts: ProcessFacts): void {
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
    'heddle_tcp_refused_total',
    'TCP connections that were refused, on either side; the log says why.',
    [],
    event('tcp_refused'),
  )
  counter(
    registry,
    'heddle_endpoint_ejections_total',
    'Endpoints left alone after failures.',
    [],
    event('endpoint_ejected'),
  )
  counter(registry, 'heddle_endpoint_restorations_total', 'Endpoints taken back.', [], event('endpoint_restored'))
  counter(
    registry,
    'heddle_mirrors_dropped_total',
    'Copies not sent: too many were under way.',
    [],
    event('mirror_dropped'),
  )
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
    'heddle_workers',
    'Processes that carry traffic; 1 without --workers.',
    [],
    value(() => facts.workers.running()),
  )
  counter(
    registry,
    'heddle_worker_ends_total',
    'Workers that ended by themselves and were started again.',
    [],
    value(() => facts.workers.ended()),
  )
  counter(
    registry,
    'heddle_worker_hangs_total',
    'Workers that said nothing for ten seconds and were killed; heddle_worker_ends_total counts them too.',
    [],
    value(() => facts.workers.hung()),
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

/**
 * prom-client's own defaults measure the event loop and every collection all the time; these cost nothing between scrapes.
 * A proxy with workers is one program to whoever watches it: the numbers are those of all its processes together.
 */
export function runtimeMetrics(registry: Registry, { workers }: Pick<ProcessFacts, 'workers'>): void {
  const startedAt = Date.now() / 1_000 - process.uptime()
  const usage = (read: (usage: Usage) => number | null) => (): Row[] => {
    const value = read(workers.usage())
    return value === null ? [] : [[{}, value]]
  }
  counter(
    registry,
    'process_cpu_seconds_total',
    'User and system CPU time.',
    [],
    usage((of) => of.cpuSeconds),
  )
  gauge(
    registry,
    'process_resident_memory_bytes',
    'Resident memory.',
    [],
    usage((of) => of.residentBytes),
  )
  gauge(registry, 'process_start_time_seconds', 'Start of the process since the Unix epoch.', [], () => [
    [{}, startedAt],
  ])
  gauge(
    registry,
    'process_open_fds',
    'Open file descriptors.',
    [],
    usage((of) => of.openFds),
  )
  gauge(
    registry,
    'nodejs_heap_size_used_bytes',
    'Used heap of the JavaScript engine.',
    [],
    usage((of) => of.heapUsedBytes),
  )
}
