// The parts of the page that no target is held against one by one: speed, added latency, memory, start-up. Pure.
import type { Memory } from './accounting.ts'
import type { Latency } from './generators/generator.ts'
import { row, table } from './markdown.ts'
import type { ArmResult, Results, Sample, ScenarioResult } from './results.ts'
import { median } from './statistics.ts'
import { samplesOf, typical } from './targets.ts'

const milliseconds = (micros: number): string => (micros / 1_000).toPrecision(3)

/** Requests per second and latency where every connection waits for its answer. */
export function speedTold({ scenarios, arms }: Results): string[] {
  const closed = scenarios.filter(({ name }) => !name.startsWith('open-'))
  if (closed.length === 0) return []
  const cell = (samples: readonly Sample[]): string =>
    samples.length === 0
      ? '–'
      : `${typical(samples, ({ requests, seconds }) => requests / seconds).toFixed(0)} (` +
        `${milliseconds(typical(samples, ({ latency }) => latency.p50))} / ` +
        `${milliseconds(typical(samples, ({ latency }) => latency.p99))})`
  return [
    '## Requests per second, and latency under that load',
    '',
    'Closed loop: requests/s (p50 / p99 in ms), the middle of all runs. The proxies share one core; with handshakes the',
    "generator's own client is a limit too.",
    '',
    ...table(
      ['requests/s (p50 / p99 ms)', ...arms.map(({ arm }) => arm)],
      closed.map((scenario) => row(scenario.title, ...arms.map(({ arm }) => cell(samplesOf(scenario, arm))))),
    ),
    '',
  ]
}

/** Over what the same generator sees without proxies. */
export function addedTold({ scenarios }: Results): string[] {
  return scenarios.flatMap((scenario) => {
    const { direct, ...others } = scenario.pooled
    if (direct === undefined) return []
    return [
      `## Added latency: ${scenario.title}`,
      '',
      'From when each request was due (coordinated omission corrected), all runs together, less what there is without',
      `proxies: ${told(direct)} ms. The generator itself was late by ${told(lateness(scenario))} ms.`,
      '',
      ...table(
        ['added ms', 'p50', 'p90', 'p99', 'p99.9'],
        Object.entries(others).map(([arm, latency]) =>
          row(arm, ...KEYS.map((key) => added(latency[key] - direct[key]))),
        ),
      ),
      '',
    ]
  })
}

const KEYS = ['p50', 'p90', 'p99', 'p999'] as const
const added = (micros: number): string => (micros / 1_000).toFixed(3)
const told = (latency: Latency): string => KEYS.map((key) => (latency[key] / 1_000).toFixed(3)).join(' / ')

function lateness({ samples }: ScenarioResult): Latency {
  const of = (key: (typeof KEYS)[number]): number =>
    median(samples.map((sample) => sample.lateness?.[key] ?? Number.NaN))
  return { p50: of('p50'), p90: of('p90'), p99: of('p99'), p999: of('p999') }
}

export function armsTold({ arms, scenarios }: Results): string[] {
  const rows = arms.filter(({ startMs }) => startMs.length > 0)
  const many = Math.max(0, ...rows.map((arm) => arm.many?.proxies ?? 0))
  const megabytes = (memory: Memory | null): string =>
    memory === null ? '–' : `${memory.rssMb.toFixed(0)} / ${memory.pssMb.toFixed(0)}`
  const supervisor = arms.find(({ arm }) => arm === 'heddle')?.supervisor
  return [
    '## Memory and start-up',
    '',
    'MB of one client-side proxy, RSS / PSS; loaded is after 64 connections at full speed.',
    '',
    ...table(
      [
        'proxy',
        'idle',
        'loaded',
        many === 0 ? 'each of many' : `each of ${many}, loaded`,
        'start to first answer, ms (median, slowest)',
      ],
      rows.map((arm) => row(arm.arm, megabytes(arm.idle), megabytes(arm.loaded), megabytes(arm.many), startTold(arm))),
    ),
    '',
    ...(supervisor ? [`\`heddle run\` itself, which watches over one proxy: ${megabytes(supervisor)} MB.`] : []),
    ...companionsTold(scenarios),
  ]
}

const startTold = ({ startMs }: ArmResult): string =>
  `${median(startMs).toFixed(0)}, ${Math.max(...startMs).toFixed(0)}`

function companionsTold(scenarios: readonly ScenarioResult[]): string[] {
  const ours = scenarios.flatMap((scenario) => samplesOf(scenario, 'heddle'))
  if (ours.length === 0) return []
  const percent = typical(ours, ({ companionMicrosPerSecond }) => companionMicrosPerSecond) / 1e4
  return [
    `The control plane, its database and its console, beside and not counted above: ${percent.toFixed(1)} % of one core.`,
  ]
}
