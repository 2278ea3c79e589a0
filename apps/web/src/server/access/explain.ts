// access.explain: the tester. The proxy's own decision about one call, told rule by rule, and how often it was seen.

import { renderAccessRules } from '@heddle/control/render/rule'
import { listChanges, readPatterns } from '@heddle/db'
import { nearest } from '@heddle/db/changes/didYouMean'
import { compileAccess } from '@heddle/proxy/access/compile'
import { explainAccess } from '@heddle/proxy/access/explain'
import { canonicalTarget, worstReading } from '@heddle/proxy/route/canonical'
import { matchRoute, matchRouteWorst } from '@heddle/proxy/route/match'
import { callPattern, OPAQUE_PATTERN } from '@heddle/proxy/telemetry/callPatterns'
import { DEFAULT_ROUTE_LABEL, PUBLIC_SOURCE } from '@heddle/shared/names'
import { serviceSettings } from '@heddle/shared/resources/service'
import type { z } from 'zod'
import { markOf } from '../changes/marks.ts'
import type { Console } from '../console.ts'
import { heddleError } from '../errors.ts'
import type { Mesh } from '../meshCache.ts'
import { resolveRange } from '../metrics/range.ts'
import type { accessExplainInputSchema, accessExplainOutputSchema } from '../schemas/accessPreview.ts'
import { HOUR_MS } from './preview.ts'
import { routesOf } from './routesOf.ts'

type Input = z.infer<typeof accessExplainInputSchema>
type Output = z.infer<typeof accessExplainOutputSchema>

/** Changes of a service among which each rule's last one is looked for. */
const CHANGES_READ = 200

export async function explainCall(console: Console, { caller, method, path, service, range }: Input): Promise<Output> {
  const mesh = await console.mesh.current()
  if (!mesh.services.has(service)) throw heddleError('not_found', missing(mesh, service, 'service'))
  const target = canonicalTarget(method, path, ['host', service])
  if (target.malformed !== null)
    return { malformed: `The proxy answers 400 before it asks any rule: ${target.malformed}.` }
  const worstPath = worstReading(target.path)
  const routes = routesOf(mesh, service)
  const routed = { method, path: target.path, query: target.query, headers: [] }
  const route = matchRoute(routes, routed)?.rule.label ?? DEFAULT_ROUTE_LABEL
  const worstRoute =
    worstPath === target.path
      ? route
      : (matchRouteWorst(routes, { ...routed, path: worstPath })?.rule.label ?? DEFAULT_ROUTE_LABEL)
  const rules = [...mesh.rules.values()].flatMap(({ resource }) =>
    resource.spec.target.service === service ? resource : [],
  )
  const table = compileAccess(renderAccessRules(rules), mesh.policy.defaultAccess)
  const who = caller === PUBLIC_SOURCE ? 'public' : { service: caller }
  const isOpaque = serviceSettings(mesh.services.get(service)?.resource).protocol === 'tcp'
  const explained = explainAccess(
    table,
    isOpaque ? { caller: who, method: null } : { caller: who, method, path: target.path, worstPath, route, worstRoute },
  )
  const [seen, changes] = await Promise.all([
    seenCalls(console, { service, caller, range, ...(isOpaque ? OPAQUE_PATTERN : { method, path: target.path }) }),
    console.pulse.readOr(() => listChanges(console.db, { limit: CHANGES_READ, service }), []),
  ])
  const isCallerKnown = caller === PUBLIC_SOURCE || mesh.services.has(caller)
  return {
    malformed: null,
    allowed: explained.decision.allowed,
    because: explained.decision.because,
    summary: explained.summary,
    rule: explained.decision.rule,
    defaultAccess: mesh.policy.defaultAccess,
    rules: explained.rules.map((one) => {
      const change = changes.find(({ items }) =>
        items.some(({ ref }) => ref.kind === 'AccessRule' && ref.name === one.rule),
      )
      return { ...one, lastChange: change === undefined ? null : markOf(change) }
    }),
    path: target.path,
    worstPath,
    route,
    worstRoute,
    warnings: isCallerKnown ? [] : [missing(mesh, caller, 'caller')],
    seen,
  }
}

function missing(mesh: Mesh, name: string, what: string): string {
  const near = nearest(name, mesh.services.keys())
  return `There is no ${what} ${name}${near === undefined ? '.' : `; did you mean ${near}?`}`
}

type Seen = Pick<Input, 'service' | 'caller' | 'method' | 'path' | 'range'>

/** Patterns are kept by the hour: the range is widened to whole ones. */
async function seenCalls(console: Console, { service, caller, method, path, range }: Seen) {
  const read = resolveRange(range, console.control.now())
  const from = Math.floor(read.from / HOUR_MS) * HOUR_MS
  const pattern = callPattern(path)
  const patterns = await console.pulse.read(() => readPatterns(console.db, { service, from, to: read.to }))
  const alike = patterns.filter((one) => one.source === caller && one.method === method && one.path === pattern)
  return { pattern, from, calls: alike.reduce((sum, { calls }) => sum + calls, 0) }
}
