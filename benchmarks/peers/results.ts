// The results as data: what benchmarks/results/peers.json holds. Pure.
import type { Memory } from './accounting.ts'
import type { ArmName } from './arms/arm.ts'
import type { Latency } from './generators/generator.ts'

/** One run of one arm. */
export interface Sample {
  arm: ArmName
  block: number
  requests: number
  errors: number
  seconds: number
  /** Of the proxies, for each request that was answered. */
  cpuMicrosPerRequest: number
  /** Of what runs beside the proxies, for each second of the run; not counted above. */
  companionMicrosPerSecond: number
  /** Microseconds; of an open loop from when the request was due. */
  latency: Latency
  lateness: Latency | null
}

export interface ScenarioResult {
  name: string
  title: string
  samples: Sample[]
  /** Of all runs of an arm together, where every latency was kept. */
  pooled: Partial<Record<ArmName, Latency>>
  /** Two names for our own arm, taking turns: what differs between them is noise. null: not measured here. */
  noise: { first: number[]; second: number[] }[] | null
}

export interface ArmResult {
  arm: ArmName
  version: string
  /** Of a client-side proxy from its command to the first answer through it, milliseconds, each start. */
  startMs: number[]
  /** The first client-side proxy before any request, and after load; null: not measured, or there is none. */
  idle: Memory | null
  loaded: Memory | null
  /** Mean of each of `proxies` client-side proxies after load. */
  many: (Memory & { proxies: number }) | null
  /** Of the process that watches over one proxy, after load; null: there is none. */
  supervisor: Memory | null
}

export interface Results {
  at: string
  commit: string
  cpus: number
  cpuModel: string
  kernel: string
  node: string
  /** busy: other work took part in the numbers. */
  machine: 'quiet' | 'busy'
  loadBefore: number
  loadAfter: number
  backend: 'nginx' | 'node'
  /** Whether proxies had a core of their own. */
  isPinned: boolean
  seconds: number
  arms: ArmResult[]
  /** Arms that were not there, and why. */
  missing: { arm: ArmName; why: string }[]
  scenarios: ScenarioResult[]
  /** Scenarios that nobody ran, and why. */
  notYet: { title: string; why: string }[]
}
