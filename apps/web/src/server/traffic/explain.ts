// traffic.explain: which route a request would take, and why the others would not have it; by the proxies' own decision
// on what the control plane would render. Pure: the mesh comes in.
import { canonicalTarget } from '@heddle/proxy/route/canonical'
import { compileRoutes, type RouteTable } from '@heddle/proxy/route/compile'
import { explainRoute } from '@heddle/proxy/route/explain'
import type { z } from 'zod'
import { sharesOf } from '../../data/shares.ts'
import type { Mesh } from '../meshCache.ts'
import type { explainInputSchema, RouteExplained } from '../schemas/routeEdits.ts'
import { withDraft } from './draftMesh.ts'
import { renderedRoutes, winningOrder } from './winningOrder.ts'
import { filterInWords, matchInWords } from './words.ts'

type Input = z.infer<typeof explainInputSchema>

/** `now`: milliseconds since the epoch, for a draft that is not stored yet. */
export function explainTraffic(stored: Mesh, input: Input, now: number): RouteExplained {
  const mesh = input.draft === undefined ? stored : withDraft(stored, input.service, input.draft, now)
  const headers = input.headers.flatMap(({ name, value }) => [name, value])
  const path = input.path.startsWith('/') ? input.path : `/${input.path}`
  const target = canonicalTarget(input.method, path, ['host', input.service])
  if (target.malformed !== null)
    return { refusal: `No request can be like this: ${target.malformed}. The mesh answers 400.`, path, rules: [] }
  const table = compileRoutes(renderedRoutes(mesh, input.service))
  const request = { method: input.method, path: target.path, query: target.query, headers }
  const order = winningOrder(mesh, input.service)
  const explained = explainRoute(table, request)
  const rules = explained.candidates.map(({ candidate, outcome, why }) => {
    const wire = order.find((match) => match.wire.label === candidate.rule.label)?.wire
    const backends = wire?.backends ?? []
    const percents = sharesOf(backends.map(({ weight }) => weight))
    return {
      label: candidate.rule.label,
      match: matchInWords(candidate.match),
      outcome,
      why,
      backends: backends.map(({ name }, i) => ({ name, percent: percents[i] ?? 0 })),
      filters: wire?.filters.map(filterInWords) ?? [],
    }
  })
  const refusal = !table.hasRoutes
    ? `${input.service} has no routes: every call goes to any ready instance.`
    : explained.winner === null
      ? noRoute(table)
      : null
  return { refusal, path: target.path, rules }
}

/** What a caller is told: 404, which in gRPC is UNIMPLEMENTED. */
function noRoute({ candidates }: RouteTable): string {
  const answer = candidates.some(({ match }) => match.rpc !== undefined) ? 'UNIMPLEMENTED' : '404'
  return `No rule matches: the mesh answers ${answer} (no_route).`
}
