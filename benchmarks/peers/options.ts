// The command line of `npm run bench`. Pure.
import { parseArgs } from 'node:util'
import { ARM_NAMES, type ArmName } from './arms/arm.ts'
import { MANY_PROXIES, SCENARIOS, type Scenario } from './scenarios.ts'

export interface BenchOptions {
  scenarios: readonly Scenario[]
  arms: readonly ArmName[]
  /** Of each run. */
  seconds: number
  /** null: as many as each scenario says. */
  blocks: number | null
  /** Proxies of each arm when memory and start-up are measured; 0: they are not. */
  proxies: number
  /** Instead of measuring: where our own pair's time goes. */
  isProfile: boolean
  /** Everything was asked for: the results are kept. */
  isWhole: boolean
}

const QUICK_PROXIES = 2

export const USAGE = `usage: npm run bench -- [--only SCENARIO,…] [--arms ARM,…] [--seconds N] [--blocks N] [--quick | --profile]
  --only      scenarios: ${SCENARIOS.map(({ name }) => name).join(', ')}, memory
  --arms      ${ARM_NAMES.join(', ')}; heddle is always there (default: all that are found)
  --seconds   of each run (default: 1)
  --blocks    of each scenario, in each of which every arm runs twice (default: 6 where a target is judged, else 3)
  --quick     a few scenarios in one block: does it work?
  --profile   nothing of that: where the time of Heddle's own pair goes at 64 connections
  With any of them no result is written.`

export function readOptions(args: readonly string[]): BenchOptions | { mistake: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        only: { type: 'string' },
        arms: { type: 'string' },
        seconds: { type: 'string' },
        blocks: { type: 'string' },
        quick: { type: 'boolean', default: false },
        profile: { type: 'boolean', default: false },
      },
    })
    const { quick } = values
    const only =
      values.only === undefined ? null : listed('only', values.only, [...SCENARIOS.map((s) => s.name), 'memory'])
    const arms = values.arms === undefined ? ARM_NAMES : listed('arms', values.arms, ARM_NAMES)
    const proxies = quick ? QUICK_PROXIES : MANY_PROXIES
    return {
      scenarios: SCENARIOS.filter(({ name, isQuick }) => (only === null ? isQuick || !quick : only.includes(name))),
      arms: ARM_NAMES.filter((arm) => arm === 'heddle' || arms.includes(arm)),
      seconds: values.seconds === undefined ? 1 : whole('seconds', values.seconds, 60),
      blocks: values.blocks === undefined ? (quick ? 1 : null) : whole('blocks', values.blocks, 50),
      proxies: only === null || only.includes('memory') ? proxies : 0,
      isProfile: values.profile,
      isWhole: args.length === 0,
    }
  } catch (error) {
    return { mistake: error instanceof Error ? error.message : String(error) }
  }
}

function listed(option: string, text: string, known: readonly string[]): string[] {
  const names = text.split(',')
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined) throw new Error(`--${option} knows ${known.join(', ')}, not "${unknown}"`)
  return names
}

function whole(option: string, text: string, most: number): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new Error(`--${option} must be a whole number from 1 to ${most}, not "${text}"`)
  return value
}
