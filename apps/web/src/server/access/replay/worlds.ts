// The worlds in which a recorded pattern may have been called: concrete requests, and tables in which what cannot be
// known of an expression is decided one way or the other. What holds in all of them holds for every call. Pure.
import type { AccessTable } from '@heddle/proxy/access/compile'
import type { AccessRequest } from '@heddle/proxy/access/decide'
import { worstReading } from '@heddle/proxy/route/canonical'
import type { RouteCandidate, RouteTable } from '@heddle/proxy/route/compile'
import { matchesPath, type PathMatcher } from '@heddle/proxy/route/pathMatch'
import { OPAQUE_PATTERN } from '@heddle/proxy/telemetry/callPatterns'
import { DEFAULT_ROUTE_LABEL } from '@heddle/shared/names'
import { type AskPath, distinctLabels, possibleLabels } from './labels.ts'
import { expressionOnPattern } from './patternMatch.ts'
import { type Compared, callersOf, idsFor, isFoldedLabel, matchersOf, methodsOf, type Pattern } from './samples.ts'

export interface RulesChange {
  readonly before: AccessTable
  readonly after: AccessTable
  readonly routes: RouteTable
  /** The routes match other requests than when some of the patterns were recorded. */
  readonly hasMovedRoutes: boolean
}

export interface World {
  readonly request: AccessRequest
  readonly before: AccessTable
  readonly after: AccessTable
}

type Reading = 'canonical' | 'worst'
const READINGS = ['canonical', 'worst'] as const

const ALWAYS: PathMatcher = { kind: 'prefix', value: '' }
/** No request has an empty path. */
const NEVER: PathMatcher = { kind: 'exact', value: '' }
/** So many expressions that may match or not; more make more worlds than are worth a look. */
const MOST_UNDECIDED = 8

/** null: too many worlds to look at. */
export function worldsOf(pattern: Pattern, change: RulesChange): Iterable<World> | null {
  const compared: Compared = { rules: [...change.before.rules, ...change.after.rules], routes: change.routes }
  if (isOpaque(pattern)) return opaqueWorlds(pattern, change, compared)
  const path = pathOf(pattern.path, compared)
  const undecided = new Set<string>()
  for (const reading of READINGS)
    for (const rule of compared.rules)
      for (const { paths } of rule.operations ?? [])
        for (const matcher of paths ?? [])
          if (path.isUndecided(matcher[reading], reading)) undecided.add(path.keyOf(matcher[reading], reading))
  return undecided.size > MOST_UNDECIDED ? null : walk(pattern, change, compared, path, [...undecided])
}

function isOpaque({ method, path }: Pattern): boolean {
  return method === OPAQUE_PATTERN.method && path === OPAQUE_PATTERN.path
}

/** Of a TCP connection only the caller was ever known. */
function opaqueWorlds({ source }: Pattern, { before, after }: RulesChange, compared: Compared): World[] {
  return callersOf(source, compared).map((caller) => ({ request: { caller, method: null }, before, after }))
}

function* walk(
  pattern: Pattern,
  change: RulesChange,
  compared: Compared,
  path: PatternPath,
  undecided: readonly string[],
): Generator<World> {
  const targets = [...new Set(compared.rules.flatMap(({ wire }) => wire.route ?? []))]
  for (let bits = 0; bits < 2 ** undecided.length; bits++) {
    const truths = new Map(undecided.map((key, i) => [key, (bits & (1 << i)) !== 0]))
    const before = decidedTable(change.before, path, truths)
    const after = decidedTable(change.after, path, truths)
    for (const concrete of path.concrete())
      for (const method of methodsOf(pattern.method, compared))
        for (const { route, worstRoute } of labelsOf(pattern, method, concrete, { change, path, targets }))
          for (const caller of callersOf(pattern.source, compared))
            yield { request: { caller, method, ...concrete, route, worstRoute }, before, after }
  }
}

interface ConcretePath {
  readonly path: string
  readonly worstPath: string
}

/** What is known of the pattern's path. */
interface PatternPath {
  /** False: it was folded and can be any. */
  readonly isKnown: boolean
  readonly concrete: () => Iterable<ConcretePath>
  /** A server could read it in another way than the mesh. */
  readonly hasWorse: boolean
  isUndecided: (matcher: PathMatcher, reading: Reading) => boolean
  keyOf: (matcher: PathMatcher, reading: Reading) => string
  /** true, false, or null where the concrete path has to be asked. */
  known: (matcher: PathMatcher, reading: Reading) => boolean | null
}

function pathOf(text: string, compared: Compared): PatternPath {
  const isKnown = text.startsWith('/') || text === '*'
  const segments = text.startsWith('/') ? text.split('/') : [text]
  const stars = text.startsWith('/') ? segments.flatMap((segment, i) => (segment === '*' ? i : [])) : []
  // A control character is in no canonical path, so these name the stars through the reading.
  const named = segments.map((segment, i) => (stars.includes(i) ? `\u0001${stars.indexOf(i)}\u0001` : segment))
  const worst = isKnown ? worstReading(named.join('/')).split('/') : []
  const places = { canonical: stars, worst: stars.map((_, i) => worst.indexOf(`\u0001${i}\u0001`)) }
  const patterns = {
    canonical: text,
    worst: worst.map((segment) => (segment.startsWith('\u0001') ? '*' : segment)).join('/'),
  }
  const hasStars = { canonical: stars.length > 0, worst: places.worst.some((place) => place !== -1) }
  const ids = idsFor(
    stars.length,
    READINGS.map((reading) => ({ places: places[reading], matchers: matchersOf(compared, reading) })),
  )
  const known = (matcher: PathMatcher, reading: Reading): boolean | null => {
    if (matcher.kind === 'prefix' && matcher.value === '') return true
    if (!isKnown || matcher.kind !== 'regex' || !hasStars[reading]) return null
    return expressionOnPattern(matcher.regex.pattern(), patterns[reading])
  }
  return {
    isKnown,
    concrete: () => (isKnown ? concretePaths(segments, stars, ids) : [{ path: '/', worstPath: '/' }]),
    hasWorse: !isKnown || patterns.worst !== patterns.canonical,
    known,
    isUndecided: (matcher, reading) =>
      known(matcher, reading) === null && (!isKnown || (matcher.kind === 'regex' && hasStars[reading])),
    keyOf: (matcher, reading) =>
      matcher.kind === 'regex'
        ? `${isKnown ? patterns[reading] : reading}\nregex ${matcher.regex.pattern()}`
        : `${reading}\n${matcher.kind} ${matcher.value}`,
  }
}

function* concretePaths(
  segments: readonly string[],
  stars: readonly number[],
  ids: readonly (readonly string[])[],
): Generator<ConcretePath> {
  const chosen = stars.map(() => 0)
  for (;;) {
    const filled = [...segments]
    for (const [i, place] of stars.entries()) filled[place] = ids[i]?.[chosen[i] ?? 0] ?? '*'
    const path = filled.join('/')
    yield { path, worstPath: worstReading(path) }
    let at = 0
    while (at < stars.length && (chosen[at] ?? 0) + 1 >= (ids[at]?.length ?? 0)) chosen[at++] = 0
    if (at >= stars.length) return
    chosen[at] = (chosen[at] ?? 0) + 1
  }
}

/** The table with each undecided path of its rules decided. */
function decidedTable(table: AccessTable, path: PatternPath, truths: ReadonlyMap<string, boolean>): AccessTable {
  const decide = (matcher: PathMatcher, reading: Reading): PathMatcher => {
    const known =
      path.known(matcher, reading) ??
      (path.isUndecided(matcher, reading) ? truths.get(path.keyOf(matcher, reading)) : undefined)
    return known === undefined ? matcher : known ? ALWAYS : NEVER
  }
  const rules = table.rules.map((rule) => ({
    ...rule,
    operations:
      rule.operations?.map(({ methods, paths }) => ({
        methods,
        paths:
          paths?.map(({ canonical, worst }) => ({
            canonical: decide(canonical, 'canonical'),
            worst: decide(worst, 'worst'),
          })) ?? null,
      })) ?? null,
  }))
  return { ...table, rules }
}

interface LabelContext {
  change: RulesChange
  path: PatternPath
  targets: readonly string[]
}

/** The routes that the call may have in both readings. What was recorded is believed while the routes can still say it. */
function labelsOf(
  pattern: Pattern,
  method: string,
  concrete: ConcretePath,
  { change, path, targets }: LabelContext,
): { route: string; worstRoute: string }[] {
  if (targets.length === 0) return [{ route: DEFAULT_ROUTE_LABEL, worstRoute: DEFAULT_ROUTE_LABEL }]
  const labels = (reading: Reading): Set<string> => {
    const text = reading === 'canonical' ? concrete.path : concrete.worstPath
    const ask: AskPath = (matcher) =>
      path.known(matcher, reading) ?? (path.isUndecided(matcher, reading) ? null : matchesPath(matcher, text))
    const of = (candidate: RouteCandidate) => (reading === 'canonical' ? candidate.path : candidate.worstPath)
    return possibleLabels(change.routes, method, of, ask)
  }
  const now = labels('canonical')
  const isBelieved = !change.hasMovedRoutes && !isFoldedLabel(pattern.route) && now.has(pattern.route)
  const canonical = isBelieved ? [pattern.route] : distinctLabels(now, targets)
  if (!path.hasWorse || (concrete.path === concrete.worstPath && path.isKnown))
    return canonical.map((route) => ({ route, worstRoute: route }))
  const worst = distinctLabels(labels('worst'), targets)
  return canonical.flatMap((route) => worst.map((worstRoute) => ({ route, worstRoute })))
}
