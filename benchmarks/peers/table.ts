// The results as pages to read: benchmarks/results/peers.md, and the part of the README that is made of them. Pure.
import type { ArmName } from './arms/arm.ts'
import { addedTold, armsTold, speedTold } from './details.ts'
import { row, table } from './markdown.ts'
import type { Results, ScenarioResult } from './results.ts'
import { CONFIDENCE, noiseFloorOf, pairedRatio } from './statistics.ts'
import { failedShare, judge, ratioTo, samplesOf, typical } from './targets.ts'

export function pageOf(results: Results): string {
  return [
    '# The proxies beside others',
    '',
    stateOf(results),
    '',
    '## Targets',
    '',
    ...targetsTold(results),
    '',
    `An interval in brackets is that of the median over blocks, sure to ${CONFIDENCE * 100} % where there are six blocks;`,
    'a target is met or missed only where the whole of it is on one side.',
    '',
    '## CPU per request',
    '',
    'Microseconds of the proxies, user and system, for each answered request: the middle of all runs. Behind it Heddle as',
    'a share of that peer, the median of the ratios of all blocks and their interval; below 1 Heddle takes less.',
    '',
    ...cpuTold(results),
    '',
    ...noiseTold(results),
    ...speedTold(results),
    ...addedTold(results),
    ...armsTold(results),
    ...missingTold(results),
    '',
  ].join('\n')
}

/** Between the README's markers. */
export const readmePartOf = (results: Results): string =>
  [stateOf(results), '', ...targetsTold(results), '', ...cpuTold(results)].join('\n')

function stateOf(results: Results): string {
  const { at, commit, cpus, cpuModel, kernel, node, machine, loadBefore, loadAfter, backend, isPinned, arms } = results
  const versions = arms.filter(({ arm }) => arm !== 'direct').map(({ arm, version }) => `${arm} ${version}`)
  const state = machine === 'busy' ? '**busy**: other work took part in these numbers' : machine
  return (
    `${at}, commit ${commit}; ${versions.join(', ')}; ${cpus} × ${cpuModel}, Linux ${kernel}, Node ${node}; load ` +
    `${loadBefore.toFixed(2)} before (${state}), ${loadAfter.toFixed(2)} after; ` +
    `${isPinned ? 'proxies on one core, ' : 'nothing pinned, '}backend (${backend}) and generator ` +
    `${isPinned ? 'on the rest' : 'beside them'}; runs of ${results.seconds} s.`
  )
}

const number = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3))

function targetsTold(results: Results): string[] {
  return table(
    ['what', 'target', 'measured', 'verdict'],
    judge(results).map(({ what, target, measured: { median, low, high }, unit, verdict }) => {
      const interval = low === high ? '' : ` [${number(low)} – ${number(high)}]`
      return row(what, target, `${number(median)}${interval} ${unit}`, verdict)
    }),
  )
}

const withProxies = ({ arms }: Results): ArmName[] => arms.map(({ arm }) => arm).filter((arm) => arm !== 'direct')

function cpuTold(results: Results): string[] {
  const names = withProxies(results)
  return table(
    ['CPU µs per request', ...names],
    results.scenarios.map((scenario) => row(scenario.title, ...names.map((name) => cpuCell(scenario, name)))),
  )
}

function cpuCell(scenario: ScenarioResult, arm: ArmName): string {
  const samples = samplesOf(scenario, arm)
  if (samples.length === 0) return '–'
  const micros = number(typical(samples, ({ cpuMicrosPerRequest }) => cpuMicrosPerRequest))
  const failed = failedShare(samples)
  const failures = failed === 0 ? '' : `, ${(failed * 100).toPrecision(2)} % failed`
  if (arm === 'heddle') return `${micros}${failures}`
  const ratio = ratioTo(scenario, arm, 'cpu')
  return ratio === null
    ? `${micros}${failures}`
    : `${micros} (${ratio.median.toFixed(2)} × [${ratio.low.toFixed(2)} – ${ratio.high.toFixed(2)}])${failures}`
}

function noiseTold({ scenarios }: Results): string[] {
  const floors = scenarios.flatMap(({ title, noise }) => {
    if (noise === null || noise.length === 0) return []
    const ratio = pairedRatio(noise.map(({ first, second }) => ({ ours: first, theirs: second })))
    return [`${(noiseFloorOf(ratio) * 100).toFixed(1)} % (${title})`]
  })
  return floors.length === 0
    ? []
    : [`Noise floor: Heddle against itself in the same blocks differed by up to ${floors.join(' and ')}.`, '']
}

function missingTold({ missing, notYet }: Results): string[] {
  const lines = [
    ...missing.map(({ arm, why }) => `- ${arm}: ${why}`),
    ...notYet.map(({ title, why }) => `- ${title}: ${why}`),
  ]
  return lines.length === 0 ? [] : ['', '## Not measured', '', ...lines]
}
