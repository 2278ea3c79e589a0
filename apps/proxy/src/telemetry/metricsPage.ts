// The text of /metrics. prom-client is loaded when somebody asks for the first time.
import type { ProcessFacts } from './processMetrics.ts'
import type { Recorder } from './recorder.ts'

export interface MetricsPage {
  text: string
  contentType: string
}

export function metricsPage(recorder: Recorder, facts: ProcessFacts): () => Promise<MetricsPage> {
  let loading: Promise<() => Promise<MetricsPage>> | undefined
  return async () => {
    loading ??= import('./prometheus.ts').then(({ createRegistry }) => {
      const registry = createRegistry(recorder, facts)
      return async () => ({ text: await registry.metrics(), contentType: registry.contentType })
    })
    const read = await loading
    return read()
  }
}
