// What the console tells Prometheus of itself: the process, its requests, its database pool, its streams. Never the
// name of a service: the mesh's own metrics are the proxies' and the control planes' to export.
import type { Database } from '@heddle/db'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { ControlStream } from './control/controlStream.ts'

export interface Observations {
  /** One finished procedure. `code`: "ok" or a code of the error table. */
  procedureDone(procedure: string, code: string, seconds: number): void
  /** A stream to a browser began (1) or ended (-1). */
  watching(change: 1 | -1): void
  /** Prometheus text. */
  text(): Promise<string>
  readonly contentType: string
}

/** Gauges of prom-client whose names say that they are counters, which promtool refuses; others of it say the same. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total']

export function createObservations(db: Database, control: ControlStream): Observations {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  for (const name of MISNAMED) registry.removeSingleMetric(name)
  const procedures = new Counter({
    name: 'heddle_console_procedures_total',
    help: 'Procedures called, by name and outcome.',
    labelNames: ['procedure', 'code'],
    registers,
  })
  const durations = new Histogram({
    name: 'heddle_console_procedure_duration_seconds',
    help: 'Time that procedures took.',
    buckets: [0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
    registers,
  })
  const watchers = new Gauge({
    name: 'heddle_console_watchers',
    help: 'Browser tabs that are told of changes.',
    registers,
  })
  new Gauge({
    name: 'heddle_console_database_connections',
    help: 'Connections of the pool, by state; waiting are requests without one.',
    labelNames: ['state'],
    registers,
    collect() {
      this.set({ state: 'idle' }, db.pool.idleCount)
      this.set({ state: 'used' }, db.pool.totalCount - db.pool.idleCount)
      this.set({ state: 'waiting' }, db.pool.waitingCount)
    },
  })
  new Gauge({
    name: 'heddle_console_control_connected',
    help: 'Whether every control plane streams to the console.',
    registers,
    collect() {
      this.set(control.isComplete() ? 1 : 0)
    },
  })
  return {
    procedureDone: (procedure, code, seconds) => {
      procedures.inc({ procedure, code })
      durations.observe(seconds)
    },
    watching: (change) => watchers.inc(change),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}
