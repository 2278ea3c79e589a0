// The command line of `npm run bench:console`. Pure.
import { parseArgs } from 'node:util'

export interface BenchOptions {
  /** Of each page. */
  visits: number
  /** How long the live page is watched. */
  liveMs: number
}

export const USAGE = `usage: npm run bench:console -- [--visits N] [--live-seconds N]
  HEDDLE_HOME   a home that \`npm run seed\` has filled (default: ~/.heddle-bench)`

export function readOptions(args: readonly string[]): BenchOptions | { mistake: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { visits: { type: 'string', default: '10' }, 'live-seconds': { type: 'string', default: '60' } },
    })
    const visits = whole(values.visits, 'visits', 200)
    const seconds = whole(values['live-seconds'], 'live-seconds', 600)
    return { visits, liveMs: seconds * 1_000 }
  } catch (error) {
    return { mistake: error instanceof Error ? error.message : String(error) }
  }
}

function whole(text: string, name: string, most: number): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new Error(`--${name} must be a whole number from 1 to ${most}, not "${text}"`)
  return value
}
