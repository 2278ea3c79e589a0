// /metrics in Prometheus' text form. Loaded at the first scrape: a proxy that nobody scrapes does without prom-client.
// The numbers are the recorder's own; each metric only knows how to read them when it is asked.
import { Registry } from 'prom-client'
import { meshMetrics, type ProcessFacts, runtimeMetrics } from './processMetrics.ts'
import type { Recorder } from './recorder.ts'
import { trafficMetrics } from './trafficMetrics.ts'

export function createRegistry(recorder: Recorder, facts: ProcessFacts): Registry {
  const registry = new Registry()
  trafficMetrics(registry, recorder)
  meshMetrics(registry, recorder, facts)
  runtimeMetrics(registry, facts)
  return registry
}
