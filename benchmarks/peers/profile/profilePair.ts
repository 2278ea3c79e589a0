// `npm run bench -- --profile`: where our pair's time goes at 64 connections. The profiles themselves stay as files for a
// flame graph (Chrome's developer tools, or speedscope).
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { row, table } from '../markdown.ts'
import { measureRun } from '../measureRun.ts'
import { SCENARIOS } from '../scenarios.ts'
import type { StandingArm } from '../standing.ts'
import { profileOf } from './inspector.ts'
import { functionOf, type Profile, partOf, type Share, sharesOf } from './shares.ts'

const SECONDS = 5
const PARTS = 20
const FUNCTIONS = 30

/** As Markdown. */
export async function profilePair(standing: StandingArm, signal: AbortSignal): Promise<string> {
  const scenario = SCENARIOS.find(({ name }) => name === 'pair-64')
  if (scenario === undefined) throw new Error('there is no scenario pair-64')
  const sides = [
    { side: 'client', pids: standing.client.pids() },
    { side: 'server', pids: standing.server.pids() },
  ]
  const told: string[] = []
  for (const { side, pids } of sides)
    for (const pid of pids) {
      const profile = await profileOf(pid, () => measureRun(standing, scenario, SECONDS, signal))
      const file = join(tmpdir(), `heddle-${side}.cpuprofile`)
      writeFileSync(file, JSON.stringify(profile))
      told.push(`## The ${side} side`, '', ...sharesTold(profile), `The profile is ${file}.`, '')
    }
  return told.join('\n')
}

function sharesTold(profile: Profile): string[] {
  const lines = (title: string, shares: readonly Share[], most: number): string[] => [
    ...table(
      [title, 'self time'],
      shares.slice(0, most).map(({ what, share }) => row(what, `${(share * 100).toFixed(1)} %`)),
    ),
    '',
  ]
  return [
    ...lines('part', sharesOf(profile, partOf), PARTS),
    ...lines('function', sharesOf(profile, functionOf), FUNCTIONS),
  ]
}
