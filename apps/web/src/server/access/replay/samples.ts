// Concrete calls that stand for everything a recorded pattern may be, as far as these rules and routes can tell: one for
// each class of callers, methods and ids between which none of them distinguishes. Pure.
import type { CompiledAccessRule } from '@heddle/proxy/access/compile'
import type { AccessCaller } from '@heddle/proxy/access/decide'
import type { RouteTable } from '@heddle/proxy/route/compile'
import type { PathMatcher } from '@heddle/proxy/route/pathMatch'
import { OTHER } from '@heddle/proxy/telemetry/callPatterns'
import { PUBLIC_SOURCE } from '@heddle/shared/names'
import type { PatternRow } from '@heddle/shared/wire/metrics'
import { mayStandFor } from './patternMatch.ts'

export type Pattern = Pick<PatternRow, 'source' | 'method' | 'path' | 'route'>

/** Everything that a call can be compared with: the rules before and after, and the routes. */
export interface Compared {
  readonly rules: readonly CompiledAccessRule[]
  readonly routes: RouteTable
}

/** What proxies and the control plane call what they folded. */
const FOLDED: ReadonlySet<string> = new Set([OTHER, '*'])
export const isFoldedLabel = (label: string): boolean => FOLDED.has(label)
/** Proxies record no more of a method. */
const LONGEST_METHOD = 32

export function callersOf(source: string, { rules }: Compared): AccessCaller[] {
  if (source === PUBLIC_SOURCE) return ['public']
  if (!isFoldedLabel(source)) return [{ service: source }]
  const named = new Set(rules.flatMap((rule) => [...rule.services]))
  // No service has the empty name: it stands for all that no rule names.
  return ['public', { service: '' }, ...[...named].map((service) => ({ service }))]
}

export function methodsOf(method: string, { rules, routes }: Compared): string[] {
  if (!isFoldedLabel(method)) return method.length < LONGEST_METHOD ? [method] : [method, `${method}+`]
  const named = new Set(
    rules.flatMap((rule) => (rule.operations ?? []).flatMap((operation) => [...(operation.methods ?? [])])),
  )
  for (const { match } of routes.candidates) if (match.method !== null) named.add(match.method)
  return ['', ...named]
}

/** Paths that rules and routes are compared with, in one reading. */
export function matchersOf({ rules, routes }: Compared, reading: 'canonical' | 'worst'): PathMatcher[] {
  const ofRules = rules.flatMap((rule) =>
    (rule.operations ?? []).flatMap((operation) => (operation.paths ?? []).map((path) => path[reading])),
  )
  const ofRoutes = routes.candidates.map(({ path, worstPath }) => (reading === 'worst' ? worstPath : path))
  return [...ofRules, ...ofRoutes]
}

/**
 * The concrete ids to try for each `*` of the pattern, in its order: those that a rule or route names in that place, and
 * one that nothing names. `places`: where the stars are in one reading, by their number in the pattern; -1: not there.
 */
export function idsFor(
  stars: number,
  readings: readonly { readonly places: readonly number[]; readonly matchers: readonly PathMatcher[] }[],
): string[][] {
  return Array.from({ length: stars }, (_, star) => {
    const named = new Set<string>()
    for (const { places, matchers } of readings) {
      const place = places[star] ?? -1
      if (place === -1) continue
      for (const matcher of matchers) {
        const segment = matcher.kind === 'regex' ? undefined : matcher.value.split('/')[place]
        if (segment !== undefined && mayStandFor(segment)) named.add(segment)
      }
    }
    return [unnamed(named), ...named]
  })
}

function unnamed(named: ReadonlySet<string>): string {
  let id = 1_000_000
  while (named.has(String(id))) id++
  return String(id)
}
