// access.hits: what calls did to the rules: their hits in the last 24 hours, when each was last hit, and what was denied in
// the range. Read with each tick, so it names a rule and says nothing of what it says.
import type { RuleSince } from '@heddle/db'
import type { AccessRule } from '@heddle/shared/resources/accessRule'
import type { RuleRow } from '@heddle/shared/wire/metrics'
import type { z } from 'zod'
import type { Console } from '../console.ts'
import type { Stored } from '../meshCache.ts'
import { mergeStates, readShownEdges } from '../metrics/queries.ts'
import { type ReadRange, resolveRange } from '../metrics/range.ts'
import type { Read } from '../metrics/reader.ts'
import type { accessHitsInputSchema, accessHitsOutputSchema, RuleHits } from '../schemas/access.ts'
import { rulesAbout } from './rules.ts'

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

export async function listHits(
  console: Console,
  { range: wanted, service }: z.infer<typeof accessHitsInputSchema>,
): Promise<z.infer<typeof accessHitsOutputSchema>> {
  const mesh = await console.mesh.current()
  const now = console.control.now()
  const range = resolveRange(wanted, now)
  const day = resolveRange({ lastMs: DAY_MS }, now)
  const rules = rulesAbout(mesh, service)
  const denials = { denied: true, counts: true, ...(service !== undefined && { destinations: [service] }) }
  const [hits, lastHits, edges] = await Promise.all([
    readHits(console, rules, day),
    lastHitTimes(console, rules, day.to),
    readShownEdges(console.metrics, range, denials, { total: true }),
  ])
  const byRule = Map.groupBy(hits.rows, ({ rule }) => rule)
  return {
    range,
    data: mergeStates([hits.data, edges.data]),
    denied: {
      calls: edges.rows.reduce((sum, edge) => sum + edge.denied, 0),
      callers: new Set(edges.rows.map(({ source }) => source)).size,
    },
    rules: Object.fromEntries(
      rules.map(({ resource, createdAt }) => {
        const { name } = resource.metadata
        const lastHitAt = lastHits.get(name)
        const since = Math.max(createdAt, now - LAST_HIT_DAYS * DAY_MS)
        return [
          name,
          { ...hitsOf(byRule.get(name) ?? []), ...(lastHitAt === undefined ? { unusedSince: since } : { lastHitAt }) },
        ]
      }),
    ),
  }
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

const VERDICTS = {
  allowed: 'allowed',
  denied: 'denied',
  audit_would_allow: 'auditWouldAllow',
  audit_would_deny: 'auditWouldDeny',
} as const satisfies Record<RuleRow['verdict'], keyof RuleHits['hits']>

function hitsOf(rows: readonly RuleRow[]): Pick<RuleHits, 'hits' | 'callers'> {
  const counts: RuleHits['hits'] = {}
  const callers = new Map<string, { source: string; hits: number; denied: number }>()
  for (const { source, hits, verdict } of rows) {
    if (hits > 0) counts[VERDICTS[verdict]] = (counts[VERDICTS[verdict]] ?? 0) + hits
    const caller = callers.get(source) ?? { source, hits: 0, denied: 0 }
    caller.hits += hits
    if (verdict === 'denied' || verdict === 'audit_would_deny') caller.denied += hits
    callers.set(source, caller)
  }
  const denied = [...callers.values()]
    .filter((caller) => caller.denied > 0)
    .sort((a, b) => b.denied - a.denied || b.hits - a.hits)
  return { hits: counts, ...(denied.length > 0 && { callers: denied.slice(0, CALLERS_SHOWN) }) }
}
