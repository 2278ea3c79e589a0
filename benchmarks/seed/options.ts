// The command line of `npm run seed`. Pure.
import { parseArgs } from 'node:util'

export interface SeedOptions {
  services: number
  /** Proxies, at least one for each service. */
  proxies: number
  /** Routes of the service that is called most. */
  routes: number
  days: number
  /** The same seed makes the same mesh and, for the same stretch of time, the same numbers. */
  seed: number
  /** Also into a mesh that holds somebody's resources. */
  force: boolean
}

const LIMITS = {
  services: { least: 10, most: 5_000, otherwise: 1_000 },
  proxies: { least: 10, most: 20_000, otherwise: 2_000 },
  routes: { least: 1, most: 200, otherwise: 50 },
  days: { least: 1, most: 390, otherwise: 30 },
  seed: { least: 0, most: 2 ** 32 - 1, otherwise: 1 },
} as const
type NumberName = keyof typeof LIMITS

export const USAGE =
  'npm run seed -- [--services 1000] [--proxies 2000] [--routes 50] [--days 30] [--seed 1] [--force]\n' +
  'Fills the database of HEDDLE_HOME (or of DATABASE_URL) with a mesh of that size and its past.'

/** The options, or every mistake in them, a line each. */
export function readOptions(args: readonly string[]): { options: SeedOptions } | { mistakes: string[] } {
  const names = Object.keys(LIMITS) as NumberName[]
  const text = { type: 'string' } as const
  const parsed = (() => {
    try {
      return parseArgs({
        args: [...args],
        options: {
          services: text,
          proxies: text,
          routes: text,
          days: text,
          seed: text,
          force: { type: 'boolean', default: false },
        },
      }).values
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  })()
  if (typeof parsed === 'string') return { mistakes: [parsed] }
  const mistakes: string[] = []
  const numberOf = (name: NumberName): number => {
    const { least, most, otherwise } = LIMITS[name]
    const given = parsed[name]
    const value = given === undefined ? otherwise : Number(given)
    if (given?.trim() === '' || !Number.isInteger(value) || value < least || value > most)
      mistakes.push(`--${name} must be a whole number from ${least} to ${most}, and is "${given}"`)
    return value
  }
  const [services, proxies, routes, days, seed] = names.map(numberOf) as [number, number, number, number, number]
  if (mistakes.length === 0 && proxies < services)
    mistakes.push(`--proxies must be at least --services (${services}): each service has one or more`)
  return mistakes.length > 0
    ? { mistakes }
    : { options: { services, proxies, routes, days, seed, force: parsed.force } }
}
