// The control plane's own numbers as Prometheus text. Others count for themselves; they are read when somebody asks.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'

export interface MetricSources {
  revision: () => { epoch: number; revision: number }
  proxies: () => number
  consoles: () => number
  databaseReachable: () => boolean
  queuedRows: () => number
  liveRows: () => number
  series: () => number
  foldedRows: () => number
  ingest: () => { committed: number; repeated: number; forgedRows: number; deferred: number; rejected: number }
}

export class ControlMetrics {
  readonly registry = new Registry()
  readonly joins = this.#counter('joins_total', 'Joins by result: ok, or the code of the refusal.', ['result'])
  readonly refusedConnections = this.#counter('connections_refused_total', 'WebSockets refused, by reason.', ['reason'])
  readonly renewals = this.#counter('certificates_renewed_total', 'Leaf certificates renewed.', [])
  readonly acks = this.#counter('pushes_acknowledged_total', 'Configuration messages acknowledged by proxies.', [])
  readonly nacks = this.#counter('pushes_refused_total', 'Configuration messages refused by proxies.', [])
  readonly cutOff = this.#counter('proxies_cut_off_total', 'Proxies whose connection was ended from here.', [])
  readonly ackDelay = new Histogram({
    name: 'heddle_control_push_ack_seconds',
    help: 'From sending a configuration message to its acknowledgement.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [this.registry],
  })

  constructor(sources: MetricSources) {
    this.#gauge('config_revision', 'Revision of the configuration in force.', () => sources.revision().revision)
    this.#gauge('config_epoch_seconds', 'Epoch of the configuration in force.', () => sources.revision().epoch / 1_000)
    this.#gauge('proxies_connected', 'Proxies connected to this control plane.', sources.proxies)
    this.#gauge('consoles_connected', 'Consoles connected to this control plane.', sources.consoles)
    this.#gauge('database_up', 'Whether the database answers.', () => (sources.databaseReachable() ? 1 : 0))
    this.#gauge('metrics_queued_rows', 'Rows of metrics that wait for the database.', sources.queuedRows)
    this.#gauge('metrics_live_rows', 'Rows of metrics in the live window.', sources.liveRows)
    this.#gauge('metrics_series', 'Series with traffic in the last ten minutes.', sources.series)
    this.#total('metrics_folded_rows_total', 'Rows folded into "other" beyond the cap of series.', sources.foldedRows)
    this.#total('metrics_reports_committed_total', 'Reports committed.', () => sources.ingest().committed)
    this.#total(
      'metrics_reports_repeated_total',
      'Reports that had been committed before.',
      () => sources.ingest().repeated,
    )
    this.#total(
      'metrics_reports_deferred_total',
      'Reports not taken for want of room.',
      () => sources.ingest().deferred,
    )
    this.#total('metrics_reports_rejected_total', 'Reports that cannot be stored.', () => sources.ingest().rejected)
    this.#total('metrics_forged_rows_total', 'Rows that spoke for another service.', () => sources.ingest().forgedRows)
    this.#process()
  }

  /** Not prom-client's default metrics: some of their names are refused by promtool. */
  #process(): void {
    const delay = monitorEventLoopDelay({ resolution: 20 })
    delay.enable()
    const standard = { registers: [this.registry] }
    new Gauge({
      ...standard,
      name: 'heddle_control_event_loop_lag_seconds',
      help: '99th percentile of the delay of the event loop since it was last asked for.',
      collect() {
        this.set(Number.isFinite(delay.percentile(99)) ? delay.percentile(99) / 1e9 : 0)
        delay.reset()
      },
    })
    new Gauge({
      ...standard,
      name: 'process_resident_memory_bytes',
      help: 'Resident memory.',
      collect() {
        this.set(process.memoryUsage.rss())
      },
    })
    new Gauge({
      ...standard,
      name: 'process_start_time_seconds',
      help: 'Start of the process since the Unix epoch.',
    }).set(Date.now() / 1_000 - process.uptime())
    new Counter({
      ...standard,
      name: 'process_cpu_seconds_total',
      help: 'User and system CPU time spent.',
      collect() {
        const { user, system } = process.cpuUsage()
        this.reset()
        this.inc((user + system) / 1e6)
      },
    })
  }

  #counter<Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> {
    return new Counter({ name: `heddle_control_${name}`, help, labelNames, registers: [this.registry] })
  }

  #gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name: `heddle_control_${name}`,
      help,
      registers: [this.registry],
      collect() {
        this.set(read())
      },
    })
  }

  #total(name: string, help: string, read: () => number): void {
    new Counter({
      name: `heddle_control_${name}`,
      help,
      registers: [this.registry],
      collect() {
        this.reset()
        this.inc(read())
      },
    })
  }
}
