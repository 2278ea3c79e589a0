// The command line of `npm run bench:console`. Pure.
import { parseArgs } from 'node:util'

export interface BenchOptions {
  /** Of each page; null: as many as its verdicts need. */
  visits: number | null
  /** How long each live page is watched. */
  liveMs: number
}

export const USAGE = `usage: npm run bench:console -- [--visits N] [--live-seconds N]
  --visits         of each page (default: until the page has 100 answers, as its p99 needs)
  --live-seconds   how long each live page is watched (default: 30)
  HEDDLE_HOME      a home that \`npm run seed\` has filled (default: ~/.heddle-bench)`

export function readOptions(args: readonly string[]): BenchOptions | { mistake: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { visits: { type: 'string' }, 'live-seconds': { type: 'string', default: '30' } },
    })
    const visits = values.visits === undefined ? null : whole(values.visits, 'visits', 200)
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
