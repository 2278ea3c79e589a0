// access.list: the rules with their hits in the last 24 hours and when each was last hit, and what was denied in the range.
import { listChanges, type RuleSince } from '@heddle/db'
import type { Change } from '@heddle/shared/api/index'
import type { AccessRule } from '@heddle/shared/resources/accessRule'
import type { RuleRow } from '@heddle/shared/wire/metrics'
import type { z } from 'zod'
import { markOf } from '../changes/marks.ts'
import { withVersion } from '../config/stored.ts'
import type { Console } from '../console.ts'
import type { Stored } from '../meshCache.ts'
import { mergeStates, readShownEdges } from '../metrics/queries.ts'
import { resolveRange } from '../metrics/range.ts'
import type { AccessRow, accessListInputSchema, accessListOutputSchema } from '../schemas/access.ts'
import { ruleInWords } from '../traffic/words.ts'

export const DAY_MS = 24 * 3_600_000
/** How far back a last hit is looked for. */
export const LAST_HIT_DAYS = 31
const CALLERS_SHOWN = 20
/** A report's rows lie at the middle of its interval, so those of a rule's first moments may lie before its making. */
const REPORT_MS = 5_000
const HOUR_MS = 3_600_000

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
  const names = rules.map(({ resource }) => resource.metadata.name)
  const [hits, edges, changes] = await Promise.all([
    console.metrics.rules(day, { rules: names, since: youngRules(rules, day.from) }),
    readShownEdges(console.metrics, range, service === undefined ? {} : { destinations: [service] }, { total: true }),
    console.pulse.readOr(() => listChanges(console.db, { limit: 500, service }), []),
  ])
  const byRule = Map.groupBy(hits.rows, ({ rule }) => rule)
  const silent = rules.filter(({ resource }) => !byRule.has(resource.metadata.name))
  const lastHits = await lastHitTimes(console, silent, day.from)
  const denied = edges.rows.filter((edge) => edge.denied > 0)
  return {
    range,
    data: mergeStates([hits.data, edges.data]),
    defaultAccess: mesh.policy.defaultAccess,
    denied: {
      calls: denied.reduce((sum, edge) => sum + edge.denied, 0),
      callers: new Set(denied.map(({ source }) => source)).size,
    },
    rows: rules
      .map((stored) => {
        const { name } = stored.resource.metadata
        const rows = byRule.get(name) ?? []
        const newest = rows.reduce((max, { at }) => Math.max(max, at), 0)
        const lastHitAt = rows.length > 0 ? Math.min(day.to, newest + day.stepMs) : (lastHits.get(name) ?? null)
        const since = Math.max(stored.createdAt, now - LAST_HIT_DAYS * DAY_MS)
        return { ...rowOf(stored, rows, lastHitAt, changes), unusedSince: lastHitAt === null ? since : null }
      })
      .sort((a, b) => rank(a) - rank(b) || b.hits.total - a.hits.total || (nameOf(a) < nameOf(b) ? -1 : 1)),
  }
}

const nameOf = (row: Pick<AccessRow, 'rule'>) => row.rule.metadata.name

/** In the order in which rules decide, those first that wait for a decision. */
function rank({ mode, rule }: Pick<AccessRow, 'mode' | 'rule'>): number {
  return mode === 'audit' ? 0 : rule.spec.action === 'Deny' ? 1 : 2
}

/**
 * Rules that are younger than a range: what their names were hit with before is not theirs. The bucket in which a rule
 * was made counts whole: of a rule that replaces one of its name within it, some hits are the other's.
 */
export function youngRules(rules: readonly Stored<AccessRule>[], from: number): RuleSince[] {
  return rules.flatMap(({ resource, createdAt }): RuleSince[] =>
    createdAt > from ? [[resource.metadata.name, createdAt - REPORT_MS]] : [],
  )
}

/** End of the last hour that begins before a time in which each of these rules was hit. */
async function lastHitTimes(
  console: Console,
  rules: readonly Stored<AccessRule>[],
  before: number,
): Promise<Map<string, number>> {
  if (rules.length === 0) return new Map()
  const to = Math.ceil(before / HOUR_MS) * HOUR_MS
  const from = to - LAST_HIT_DAYS * DAY_MS
  const filter = { rules: rules.map(({ resource }) => resource.metadata.name), since: youngRules(rules, from) }
  const { rows } = await console.metrics.rules({ from, to, stepMs: HOUR_MS }, filter)
  const last = new Map<string, number>()
  for (const { rule, at, hits } of rows) if (hits > 0) last.set(rule, Math.max(last.get(rule) ?? 0, at + HOUR_MS))
  return last
}

export function rowOf(
  stored: Stored<AccessRule>,
  rows: readonly RuleRow[],
  lastHitAt: number | null,
  changes: readonly Change[],
): Omit<AccessRow, 'unusedSince'> {
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
  const lastChange = changes.find(({ items }) =>
    items.some(({ ref }) => ref.kind === 'AccessRule' && ref.name === resource.metadata.name),
  )
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
    callers: [...callers.values()].sort((a, b) => b.denied - a.denied || b.hits - a.hits).slice(0, CALLERS_SHOWN),
    lastHitAt,
    lastChange: lastChange === undefined ? null : markOf(lastChange),
  }
}
