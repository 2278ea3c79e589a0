// Made-up results for the tests of what is made of them.
import type { ArmName } from './arms/arm.ts'
import type { ArmResult, Results, Sample, ScenarioResult } from './results.ts'

const latencyAt = (micros: number) => ({ p50: micros, p90: 2 * micros, p99: 4 * micros, p999: 8 * micros })

/** Two runs in each of six blocks; in block b everything costs b % more. */
export function samplesFor(arm: ArmName, cpu: number, p50: number, errors = 0): Sample[] {
  return Array.from({ length: 12 }, (_, i) => {
    const block = i >> 1
    const drift = 1 + block / 100
    return {
      arm,
      block,
      requests: 1_000,
      errors,
      seconds: 1,
      cpuMicrosPerRequest: cpu * drift,
      companionMicrosPerSecond: 20_000,
      latency: latencyAt(p50 * drift),
      lateness: latencyAt(100),
    }
  })
}

export const scenarioOf = (name: string, samples: Sample[], part: Partial<ScenarioResult> = {}): ScenarioResult => ({
  name,
  title: `the scenario ${name}`,
  samples,
  pooled: {},
  noise: null,
  ...part,
})

const armOf = (arm: ArmName, pssMb: number): ArmResult => ({
  arm,
  version: '1.2.3',
  startMs: [700, 800, 900, 750, 760, 770],
  idle: { rssMb: 100, pssMb },
  loaded: { rssMb: 120, pssMb: pssMb + 5 },
  many: { rssMb: 110, pssMb: pssMb - 5, proxies: 10 },
  supervisor: arm === 'heddle' ? { rssMb: 60, pssMb: 12 } : null,
})

export const resultsOf = (scenarios: ScenarioResult[], part: Partial<Results> = {}): Results => ({
  at: '2026-01-01T00:00:00.000Z',
  commit: 'abc',
  cpus: 2,
  cpuModel: 'Some CPU',
  kernel: '6.1',
  node: '26.0.0',
  machine: 'quiet',
  loadBefore: 0.1,
  loadAfter: 1,
  backend: 'nginx',
  isPinned: true,
  seconds: 1,
  arms: [armOf('heddle', 40), armOf('nginx', 8)],
  missing: [],
  scenarios,
  notYet: [],
  ...part,
})
