// One scenario: every arm in turn, block by block.
import type { ArmName } from './arms/arm.ts'
import { orderOfBlocks } from './blocks.ts'
import { latencyOf } from './latency.ts'
import { measureRun } from './measureRun.ts'
import type { Sample, ScenarioResult } from './results.ts'
import { armsIn, NOISE_SCENARIOS, type Scenario } from './scenarios.ts'
import type { StandingArm } from './standing.ts'

interface Extent {
  seconds: number
  blocks: number
  signal: AbortSignal
}

export async function measureScenario(
  standing: readonly StandingArm[],
  scenario: Scenario,
  extent: Extent,
): Promise<ScenarioResult> {
  const { seconds, blocks, signal } = extent
  const names = armsIn(
    scenario,
    standing.map(({ arm }) => arm.name),
  )
  const arms = standing.filter(({ arm }) => names.includes(arm.name))
  for (const arm of arms) await measureRun(arm, scenario, seconds, signal)
  const noise = await measureNoise(arms, scenario, extent)
  const samples: Sample[] = []
  const latencies = new Map<ArmName, number[]>()
  for (const [block, order] of orderOfBlocks(arms, blocks).entries())
    for (const arm of order) {
      const run = await measureRun(arm, scenario, seconds, signal)
      samples.push({ ...run.sample, block })
      if (run.latencies.length > 0)
        latencies.set(arm.arm.name, (latencies.get(arm.arm.name) ?? []).concat(run.latencies))
    }
  const pooled = [...latencies].map(([name, values]) => [name, latencyOf(Float64Array.from(values).sort())] as const)
  return { name: scenario.name, title: scenario.title, samples, pooled: Object.fromEntries(pooled), noise }
}

/** Our own arm under two names: A A' A' A, with the same statistics as between two that differ. CPU per request. */
async function measureNoise(
  arms: readonly StandingArm[],
  scenario: Scenario,
  { seconds, blocks, signal }: Extent,
): Promise<ScenarioResult['noise']> {
  const ours = arms.find(({ arm }) => arm.name === 'heddle')
  if (ours === undefined || !NOISE_SCENARIOS.includes(scenario.name)) return null
  const noise: { first: number[]; second: number[] }[] = []
  for (const order of orderOfBlocks(['first', 'second'] as const, blocks)) {
    const block = { first: [] as number[], second: [] as number[] }
    for (const name of order)
      block[name].push((await measureRun(ours, scenario, seconds, signal)).sample.cpuMicrosPerRequest)
    noise.push(block)
  }
  return noise
}
