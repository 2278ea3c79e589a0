// What the design promises, held against what was measured. Pure.
import type { ArmName } from './arms/arm.ts'
import type { Results, Sample, ScenarioResult } from './results.ts'
import {
  type Interval,
  median,
  medianInterval,
  pairedRatio,
  type Ratio,
  type Verdict,
  verdictOf,
} from './statistics.ts'

export type Metric = 'cpu' | 'p50' | 'p99'

interface RelativeTarget {
  scenario: string
  metric: Metric
  peer: ArmName
  /** Ours as a share of theirs. */
  most: number
}

export const RELATIVE_TARGETS: readonly RelativeTarget[] = [
  { scenario: 'pair-64', metric: 'cpu', peer: 'nginx', most: 0.8 },
  { scenario: 'pair-64', metric: 'cpu', peer: 'envoy', most: 0.5 },
  { scenario: 'pair-64', metric: 'cpu', peer: 'http-proxy-3', most: 0.25 },
  { scenario: 'pair-1', metric: 'cpu', peer: 'nginx', most: 1.3 },
  { scenario: 'open-1000', metric: 'cpu', peer: 'nginx', most: 1 },
  { scenario: 'open-5000', metric: 'cpu', peer: 'nginx', most: 1 },
  // The same generator and backend are in both: where ours is no slower, it adds no more.
  { scenario: 'open-1000', metric: 'p50', peer: 'nginx', most: 1 },
  { scenario: 'open-1000', metric: 'p99', peer: 'nginx', most: 1 },
]
export const MOST_PROXY_MB = 40
export const MOST_START_MS = 1_000

/** For errors of one in a thousand a run still counts; more and what was measured is a failure. */
const MOST_ERRORS = 0.001

const measureOf = (sample: Sample, metric: Metric): number =>
  metric === 'cpu' ? sample.cpuMicrosPerRequest : sample.latency[metric]

export const samplesOf = ({ samples }: ScenarioResult, arm: ArmName): Sample[] =>
  samples.filter((sample) => sample.arm === arm)

/** Ours to theirs, block by block; null where one of them did not run. */
export function ratioTo(scenario: ScenarioResult, peer: ArmName, metric: Metric): Ratio | null {
  const [ours, theirs] = [samplesOf(scenario, 'heddle'), samplesOf(scenario, peer)]
  if (ours.length === 0 || theirs.length === 0) return null
  const values = (samples: Sample[], block: number): number[] =>
    samples.filter((sample) => sample.block === block).map((sample) => measureOf(sample, metric))
  const blocks = [...new Set(ours.map(({ block }) => block))]
  return pairedRatio(blocks.map((block) => ({ ours: values(ours, block), theirs: values(theirs, block) })))
}

/** Of an arm in a scenario: the middle of its runs. */
export const typical = (samples: readonly Sample[], of: (sample: Sample) => number): number => median(samples.map(of))

export const failedShare = (samples: readonly Sample[]): number => {
  const sum = (of: (sample: Sample) => number): number => samples.reduce((total, sample) => total + of(sample), 0)
  const errors = sum((sample) => sample.errors)
  return errors / Math.max(1, errors + sum((sample) => sample.requests))
}

export interface Judged {
  what: string
  target: string
  measured: Interval & { median: number }
  unit: string
  verdict: Verdict | 'failed requests'
}

/** Every target about which this run says something, in the design's order. */
export function judge({ scenarios, arms }: Results): Judged[] {
  const relative = RELATIVE_TARGETS.flatMap((target): Judged[] => {
    const scenario = scenarios.find(({ name }) => name === target.scenario)
    const ratio = scenario && ratioTo(scenario, target.peer, target.metric)
    if (!scenario || !ratio) return []
    const hasFailed = failedShare(samplesOf(scenario, 'heddle')) > MOST_ERRORS
    return [
      {
        what: `${METRIC_NAMES[target.metric]}, ${scenario.title}, against ${target.peer}`,
        target: `≤ ${target.most} ×`,
        measured: ratio,
        unit: '×',
        verdict: hasFailed ? 'failed requests' : verdictOf(ratio, target.most),
      },
    ]
  })
  const ours = arms.find(({ arm }) => arm === 'heddle')
  return [
    ...relative,
    ...(ours?.many
      ? [
          absolute('memory of one more proxy after load, PSS, without `heddle run` itself', MOST_PROXY_MB, 'MB', [
            ours.many.pssMb,
          ]),
        ]
      : []),
    ...(ours && ours.startMs.length > 0
      ? [absolute('`heddle run` to the first answer', MOST_START_MS, 'ms', ours.startMs)]
      : []),
  ]
}

export const METRIC_NAMES: Record<Metric, string> = {
  cpu: 'CPU per request',
  p50: 'added p50',
  p99: 'added p99',
}

function absolute(what: string, most: number, unit: string, values: readonly number[]): Judged {
  const measured = { median: median(values), ...medianInterval(values) }
  return { what, target: `≤ ${most} ${unit}`, measured, unit, verdict: verdictOf(measured, most) }
}
