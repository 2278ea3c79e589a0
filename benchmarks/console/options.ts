// The command line of `npm run bench:console`. Pure.
import { parseArgs } from 'node:util'

export interface BenchOptions {
  /** Of each page; null: as many as its verdicts need. */
  visits: number | null
  /** How long each live page is watched. */
  liveMs: number
  /** A part of a run, to work on it: `scripts`, `live`, or the pages whose path contains it. null: everything. */
  only: string | null
}

export const USAGE = `usage: npm run bench:console -- [--visits N] [--live-seconds N] [--only PART]
  --visits         of each page (default: until the page has 100 answers, as its p99 needs)
  --live-seconds   how long each live page is watched (default: 60)
  --only           scripts, live, or a part of the paths of pages; then no result is written
  HEDDLE_HOME      a home that \`npm run seed\` has filled (default: ~/.heddle-bench);
                   a run leaves there its tokens' entries under Changes and the calls that its synthetic proxies reported`

export function readOptions(args: readonly string[]): BenchOptions | { mistake: string } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        visits: { type: 'string' },
        'live-seconds': { type: 'string', default: '60' },
        only: { type: 'string' },
      },
    })
    const visits = values.visits === undefined ? null : whole(values.visits, 'visits', 200)
    const seconds = whole(values['live-seconds'], 'live-seconds', 600)
    return { visits, liveMs: seconds * 1_000, only: values.only ?? null }
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
