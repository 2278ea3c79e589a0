// access.list: the rules with their hits in the range, and when each was last hit.
import { listChanges } from '@heddle/db'
import type { Change } from '@heddle/shared/api/index'
import type { AccessRule } from '@heddle/shared/resources/accessRule'
import type { RuleRow } from '@heddle/shared/wire/metrics'
import type { z } from 'zod'
import { markOf } from '../changes/marks.ts'
import { withVersion } from '../config/stored.ts'
import type { Console } from '../console.ts'
import type { Stored } from '../meshCache.ts'
import { newestEnd, resolveRange } from '../metrics/range.ts'
import type { AccessRow, accessListInputSchema, accessListOutputSchema } from '../schemas/access.ts'
import { ruleInWords } from '../traffic/words.ts'

const DAY_MS = 24 * 3_600_000
/** A rule that nothing has hit for this long is unused. */
const LAST_HIT_DAYS = 31
const CALLERS_SHOWN = 20

type Output = z.infer<typeof accessListOutputSchema>

export async function listAccess(
  console: Console,
  { range: wanted, service }: z.infer<typeof accessListInputSchema>,
): Promise<Output> {
  const mesh = await console.mesh.current()
  const now = console.control.now()
  const range = resolveRange(wanted, now)
  const rules = [...mesh.rules.values()].filter(
    ({ resource }) => service === undefined || resource.spec.target.service === service,
  )
  const names = rules.map(({ resource }) => resource.metadata.name)
  const [hits, changes] = await Promise.all([
    console.metrics.rules(range, service === undefined ? {} : { rules: names }),
    console.pulse.readOr(() => listChanges(console.db, { limit: 500, service }), []),
  ])
  const byRule = Map.groupBy(hits.rows, ({ rule }) => rule)
  const silent = names.filter((name) => !byRule.has(name))
  const lastHits = await lastHitTimes(console, silent, now)
  const denied = hits.rows.filter(({ verdict }) => verdict === 'denied')
  return {
    range,
    data: hits.data,
    defaultAccess: mesh.policy.defaultAccess,
    denied: {
      calls: denied.reduce((sum, row) => sum + row.hits, 0),
      callers: new Set(denied.map(({ source }) => source)).size,
    },
    rows: rules
      .map((stored) => {
        const { name } = stored.resource.metadata
        const rows = byRule.get(name) ?? []
        const newest = rows.reduce((max, { at }) => Math.max(max, at), 0)
        const lastHitAt = rows.length > 0 ? Math.min(range.to, newest + range.stepMs) : (lastHits.get(name) ?? null)
        return rowOf(stored, rows, lastHitAt, changes)
      })
      .sort((a, b) => b.hits.denied - a.hits.denied || b.hits.total - a.hits.total),
  }
}

/** End of the last hour in which each of these rules was hit. */
async function lastHitTimes(console: Console, names: readonly string[], now: number): Promise<Map<string, number>> {
  if (names.length === 0) return new Map()
  const to = newestEnd(now)
  const from = Math.floor((to - LAST_HIT_DAYS * DAY_MS) / 3_600_000) * 3_600_000
  const { rows } = await console.metrics.rules({ from, to, stepMs: 3_600_000 }, { rules: names })
  const last = new Map<string, number>()
  for (const { rule, at, hits } of rows)
    if (hits > 0) last.set(rule, Math.max(last.get(rule) ?? 0, Math.min(to, at + 3_600_000)))
  return last
}

export function rowOf(
  stored: Stored<AccessRule>,
  rows: readonly RuleRow[],
  lastHitAt: number | null,
  changes: readonly Change[],
): AccessRow {
  const { resource, version } = stored
  const count = (verdict: RuleRow['verdict']) =>
    rows.reduce((sum, row) => (row.verdict === verdict ? sum + row.hits : sum), 0)
  const callers = new Map<string, number>()
  for (const { source, hits } of rows) callers.set(source, (callers.get(source) ?? 0) + hits)
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
    callers: [...callers]
      .map(([source, hits]) => ({ source, hits }))
      .sort((a, b) => b.hits - a.hits)
      .slice(0, CALLERS_SHOWN),
    lastHitAt,
    lastChange: lastChange === undefined ? null : markOf(lastChange),
  }
}
