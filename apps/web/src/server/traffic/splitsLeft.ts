// traffic.splitsLeft: requests that a draft of a route takes out of a split, with the share that a version would lose
// unseen. Asked are the proxies' own decisions, before and after, about requests that the draft's new rules are for. Pure:
// the mesh comes in.
import { canonicalTarget } from '@heddle/proxy/route/canonical'
import { compileRoutes } from '@heddle/proxy/route/compile'
import { matchRoute, type RoutedRequest } from '@heddle/proxy/route/match'
import { HTTP_METHODS } from '@heddle/shared/resources/httpRouteTerms'
import type { WireBackend, WireMatch, WireRpc, WireRule } from '@heddle/shared/wire/config'
import type { z } from 'zod'
import { isSame } from '../../data/isSame.ts'
import { NBSP } from '../../data/numbers.ts'
import { isSameSplit, shareTexts } from '../../data/shares.ts'
import type { Mesh } from '../meshCache.ts'
import type { LeftSplit, splitsLeftInputSchema } from '../schemas/routeEdits.ts'
import { withDraft } from './draftMesh.ts'
import { renderedRoutes } from './winningOrder.ts'
import { matchInWords } from './words.ts'

/** A route may have 64 rules of 64 matches: what is asked of the first of them says enough. */
const MOST_ASKED = 500

/** `now`: milliseconds since the epoch. */
export function splitsLeft(
  stored: Mesh,
  { service, draft }: z.infer<typeof splitsLeftInputSchema>,
  now: number,
): LeftSplit[] {
  const mesh = withDraft(stored, service, draft, now)
  const [before, after] = [renderedRoutes(stored, service), renderedRoutes(mesh, service)]
  const [tableBefore, tableAfter] = [compileRoutes(before), compileRoutes(after)]
  const rulesBefore = new Map(before.flatMap(({ rules }) => rules.map((rule) => [rule.label, rule])))
  const own = after.find(({ name }) => name === draft.metadata.name)?.rules ?? []
  const changed = own.filter((rule) => !isSame(rule, rulesBefore.get(rule.label)))
  const left = new Map<string, LeftSplit>()
  let asked = 0
  for (const rule of changed)
    for (const match of rule.matches)
      for (const request of samplesOf(match, service)) {
        if (++asked > MOST_ASKED) return [...left.values()]
        if (matchRoute(tableAfter, request)?.rule.label !== rule.label) continue
        const was = rulesBefore.get(matchRoute(tableBefore, request)?.rule.label ?? '')
        if (was === undefined || was.label === rule.label) continue
        const warning = warningOf(was, rule, match, service)
        if (warning !== null) left.set(`${was.label} ${rule.label}`, warning)
      }
  return [...left.values()]
}

/** Requests that the match is for, as far as they can be made up: an expression has none. */
function samplesOf({ path, method, headers, queryParams, rpc }: WireMatch, service: string): RoutedRequest[] {
  const paths = rpc === undefined ? pathsOf(path) : callsOf(rpc)
  if ([...headers, ...queryParams].some(({ type }) => type === 'RegularExpression')) return []
  const query = queryParams
    .map(({ name, value }) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&')
  return (method === null ? HTTP_METHODS : [method]).flatMap((asked) =>
    paths.flatMap((one): RoutedRequest[] => {
      const target = canonicalTarget(asked, query === '' ? one : `${one}?${query}`, ['host', service])
      if (target.malformed !== null) return []
      const flat = headers.flatMap(({ name, value }) => [name, value])
      return [{ method: asked, path: target.path, query: target.query, headers: flat }]
    }),
  )
}

function pathsOf({ type, value }: WireMatch['path']): string[] {
  switch (type) {
    case 'Exact':
      return [value]
    case 'PathPrefix':
      return [value, `${value.replace(/\/$/, '')}/1`]
    case 'RegularExpression':
      return []
  }
}

/** What a match leaves open is a name that no other is likely to name: its precedence comes from what it names. */
function callsOf({ type, service, method }: WireRpc): string[] {
  return type === 'RegularExpression' ? [] : [`/${service ?? 'any.Service'}/${method ?? 'AnyMethod'}`]
}

const sent = (backends: readonly WireBackend[]) => backends.filter(({ weight }) => weight > 0)
const weightsOf = (backends: readonly WireBackend[]) => backends.map(({ weight }) => weight)

/** null: what is redirected is meant to go elsewhere, and where nothing was split or all stay as they are nothing is lost. */
function warningOf(was: WireRule, is: WireRule, match: WireMatch, service: string): LeftSplit | null {
  const [now, then] = [sent(was.backends), sent(is.backends)]
  if (now.length < 2 || is.filters.some(({ type }) => type === 'RequestRedirect')) return null
  const inOrder = now.flatMap(({ name }) => then.find((backend) => backend.name === name)?.weight ?? [])
  if (then.length === now.length && isSameSplit(weightsOf(now), inOrder)) return null
  return {
    strong: `${match.rpc === undefined ? 'Requests' : 'Calls'} for ${matchInWords(match)} would leave the split of ${was.label}.`,
    rest: is.backends.length === 0 ? pastTheSplit(now, service) : ofAnotherSplit(now, then, refusalOf(match)),
    from: was.label,
    backends: was.backends.map(({ name, weight }) => ({ name, weight })),
  }
}

/** The service itself: no weight says anything any more. */
function pastTheSplit(now: readonly WireBackend[], service: string): string {
  const most = Math.max(...weightsOf(now))
  const texts = shareTexts(weightsOf(now))
  const main = now.findIndex(({ weight }) => weight === most)
  const others = now.flatMap(({ name }, i) => (i === main ? [] : [`${texts[i]}${NBSP}% of them go to ${name}`]))
  return `Now ${others.join(', ')}. That would end: all of them would go to any ready instance of ${service}, whatever its version.`
}

/** What a rule whose weights are all 0 answers: backend_unresolved, in gRPC's terms where it is a call. */
const refusalOf = ({ rpc }: WireMatch): string => (rpc === undefined ? '500' : 'UNAVAILABLE')

function ofAnotherSplit(now: readonly WireBackend[], then: readonly WireBackend[], refusal: string): string {
  const inWords = (backends: readonly WireBackend[]) => {
    const texts = shareTexts(weightsOf(backends))
    return backends.map(({ name }, i) => `${texts[i]}${NBSP}% to ${name}`).join(', ')
  }
  const gone = now.filter(({ name }) => !then.some((backend) => backend.name === name)).map(({ name }) => name)
  const end = gone.length === 0 ? '' : `; ${gone.join(', ')} would get none of them`
  return `Now they go ${inWords(now)}. Then ${then.length === 0 ? `all of them would be answered with ${refusal}` : inWords(then)}${end}.`
}
