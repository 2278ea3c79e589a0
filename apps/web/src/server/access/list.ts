// access.list: the rules with their hits in the last 24 hours and when each was last hit, and what was denied in the range.
import type { RuleSince } from '@heddle/db'
import type { AccessRule } from '@heddle/shared/resources/accessRule'
import { serviceSettings } from '@heddle/shared/resources/service'
import type { RuleRow } from '@heddle/shared/wire/metrics'
import type { z } from 'zod'
import { lastChangesOf } from '../changes/marks.ts'
import { withVersion } from '../config/stored.ts'
import type { Console } from '../console.ts'
import type { Mesh, Stored } from '../meshCache.ts'
import { mergeStates, readShownEdges } from '../metrics/queries.ts'
import { type ReadRange, resolveRange } from '../metrics/range.ts'
import type { Read } from '../metrics/reader.ts'
import type { AccessRow, accessListInputSchema, accessListOutputSchema } from '../schemas/access.ts'
import type { ChangeMark } from '../schemas/numbers.ts'
import { ruleInWords } from '../traffic/words.ts'

export const DAY_MS = 24 * 3_600_000
/** How far back a last hit is looked for. */
export const LAST_HIT_DAYS = 31
const CALLERS_SHOWN = 20
/** A report's rows lie at the middle of its interval, so those of a rule's first moments may lie before its making. */
const REPORT_MS = 5_000
/** Minutes as long as they are kept, hours beyond. */
const LOOK_BACK = [
  [13, 60_000],
  [LAST_HIT_DAYS, 3_600_000],
] as const

type Output = z.infer<typeof accessListOutputSchema>

export async function listAccess(
  console: Console,
  { range: wanted, service }: z.infer<typeof accessListInputSchema>,
): Promise<Output> {
  const mesh = await console.mesh.current()
  const now = console.control.now()
  const range = resolveRange(wanted, now)
  const day = resolveRange({ lastMs: DAY_MS }, now)
  const rules = [...mesh.rules.values()].filter(
    ({ resource }) => service === undefined || resource.spec.target.service === service,
  )
  const denials = { denied: true, counts: true, ...(service !== undefined && { destinations: [service] }) }
  const [hits, lastHits, edges, changes] = await Promise.all([
    readHits(console, rules, day),
    lastHitTimes(console, rules, day.to),
    readShownEdges(console.metrics, range, denials, { total: true }),
    console.pulse.readOr(() => lastChangesOf(console.db, rules), new Map<number, ChangeMark>()),
  ])
  const byRule = Map.groupBy(hits.rows, ({ rule }) => rule)
  return {
    range,
    data: mergeStates([hits.data, edges.data]),
    defaultAccess: mesh.policy.defaultAccess,
    denied: {
      calls: edges.rows.reduce((sum, edge) => sum + edge.denied, 0),
      callers: new Set(edges.rows.map(({ source }) => source)).size,
    },
    services: [...mesh.services.keys()].sort(),
    opaque: [...mesh.services].flatMap(([name, { resource }]) =>
      serviceSettings(resource).protocol === 'tcp' ? name : [],
    ),
    rows: rules
      .map((stored) => {
        const { name } = stored.resource.metadata
        const lastHitAt = lastHits.get(name) ?? null
        const since = Math.max(stored.createdAt, now - LAST_HIT_DAYS * DAY_MS)
        return {
          ...rowOf(stored, byRule.get(name) ?? []),
          isPutAside: isPutAside(mesh, stored.resource),
          lastHitAt,
          unusedSince: lastHitAt === null ? since : null,
          lastChange: changes.get(stored.revision) ?? null,
        }
      })
      .sort((a, b) => rank(a) - rank(b) || b.hits.total - a.hits.total || (nameOf(a) < nameOf(b) ? -1 : 1)),
  }
}

const nameOf = (row: Pick<AccessRow, 'rule'>) => row.rule.metadata.name

function isPutAside({ routes, routesOf }: Mesh, { spec: { target } }: AccessRule): boolean {
  const route = routes.get(target.route?.split('/', 1)[0] ?? '')
  return route !== undefined && !(routesOf.get(target.service) ?? []).includes(route)
}

/** In the order in which rules decide, those first that wait for a decision. */
function rank({ mode, rule }: Pick<AccessRow, 'mode' | 'rule'>): number {
  return mode === 'audit' ? 0 : rule.spec.action === 'Deny' ? 1 : 2
}

/**
 * Rules that are younger than a range: what their names were hit with before is not theirs. The bucket in which a rule
 * was made counts whole: of a rule that replaces one of its name within it, some hits are the other's.
 */
function youngRules(rules: readonly Stored<AccessRule>[], from: number): RuleSince[] {
  return rules.flatMap(({ resource, createdAt }): RuleSince[] =>
    createdAt > from ? [[resource.metadata.name, createdAt - REPORT_MS]] : [],
  )
}

/** A rule's own hits: those of young ones in steps, so that the ones before their making can be left out. */
export async function readHits(
  console: Console,
  rules: readonly Stored<AccessRule>[],
  range: ReadRange,
): Promise<Pick<Read<RuleRow>, 'rows' | 'data'>> {
  const since = youngRules(rules, range.from)
  const young = new Set(since.map(([rule]) => rule))
  const old = rules.flatMap(({ resource: { metadata } }) => (young.has(metadata.name) ? [] : [metadata.name]))
  const [ofOld, ofYoung] = await Promise.all([
    console.metrics.rules(range, { rules: old }, { total: true }),
    console.metrics.rules(range, { rules: [...young], since }),
  ])
  return { rows: ofOld.rows.concat(ofYoung.rows), data: mergeStates([ofOld.data, ofYoung.data]) }
}

/** End of the last minute in which each of these rules was hit, or of the hour where it is long ago; `to` at most. */
async function lastHitTimes(
  console: Console,
  rules: readonly Stored<AccessRule>[],
  to: number,
): Promise<Map<string, number>> {
  const since = rules.map(({ resource, createdAt }): RuleSince => [resource.metadata.name, createdAt - REPORT_MS])
  const last = new Map<string, number>()
  let reached = Number.POSITIVE_INFINITY
  for (const [days, resolution] of LOOK_BACK) {
    // Of a rule that is younger than what was looked through nothing is left, and an hour may hold hits of one before it.
    const silent = since.filter(([rule, sinceMs]) => sinceMs < reached && !last.has(rule))
    reached = to - days * DAY_MS
    const found = await console.metrics.lastHits(silent, reached, resolution)
    for (const [rule, at] of found) last.set(rule, Math.min(to, at + resolution))
  }
  return last
}

export function rowOf(
  stored: Stored<AccessRule>,
  rows: readonly RuleRow[],
): Omit<AccessRow, 'isPutAside' | 'lastHitAt' | 'unusedSince' | 'lastChange'> {
  const { resource, version } = stored
  const count = (verdict: RuleRow['verdict']) =>
    rows.reduce((sum, row) => (row.verdict === verdict ? sum + row.hits : sum), 0)
  const callers = new Map<string, { source: string; hits: number; denied: number }>()
  for (const { source, hits, verdict } of rows) {
    const caller = callers.get(source) ?? { source, hits: 0, denied: 0 }
    caller.hits += hits
    if (verdict === 'denied' || verdict === 'audit_would_deny') caller.denied += hits
    callers.set(source, caller)
  }
  return {
    rule: withVersion(stored),
    resourceVersion: String(version),
    sentence: ruleInWords(resource),
    mode: resource.spec.mode ?? 'enforce',
    hits: {
      allowed: count('allowed'),
      denied: count('denied'),
      auditWouldAllow: count('audit_would_allow'),
      auditWouldDeny: count('audit_would_deny'),
      total: rows.reduce((sum, row) => sum + row.hits, 0),
    },
    callers: [...callers.values()]
      .filter(({ denied }) => denied > 0)
      .sort((a, b) => b.denied - a.denied || b.hits - a.hits)
      .slice(0, CALLERS_SHOWN),
  }
}
