// A rule as it stands and what calls do to it are read apart, since only these move: the list's rows are made of both. A
// row of which neither has moved is the object that it was. Pure.
import type { RuleHits, StandingRule } from '../server/schemas/access.ts'

type Counts = Record<keyof RuleHits['hits'] | 'total', number>

export interface AccessRow extends StandingRule {
  hits: Counts
  callers: NonNullable<RuleHits['callers']>
  /** null: none, or not known yet. */
  lastHitAt: number | null
  /** Where nothing ever hit it: since when; null: something did. */
  unusedSince: number | null
}

/** Of a rule that was read sooner than its hits. */
const NOTHING: RuleHits = { hits: {} }
const NOBODY: AccessRow['callers'] = []

const known = new WeakMap<StandingRule, { of: RuleHits; row: AccessRow }>()

function rowOf(standing: StandingRule, of: RuleHits): AccessRow {
  const last = known.get(standing)
  if (last?.of === of) return last.row
  const row = {
    ...standing,
    hits: countsOf(of.hits),
    callers: of.callers ?? NOBODY,
    lastHitAt: of.lastHitAt ?? null,
    unusedSince: of.unusedSince ?? null,
  }
  known.set(standing, { of, row })
  return row
}

function countsOf({ allowed = 0, denied = 0, auditWouldAllow = 0, auditWouldDeny = 0 }: RuleHits['hits']): Counts {
  const total = allowed + denied + auditWouldAllow + auditWouldDeny
  return { allowed, denied, auditWouldAllow, auditWouldDeny, total }
}

export const nameOf = ({ rule }: Pick<StandingRule, 'rule'>): string => rule.metadata.name

/** A rule may be called as what every object has: `constructor`. */
function hitsOf(name: string, hits: Readonly<Record<string, RuleHits>> = {}): RuleHits {
  return (Object.hasOwn(hits, name) ? hits[name] : undefined) ?? NOTHING
}

/** In the order in which rules decide, those first that wait for a decision; of alike ones, those with the most hits. */
export function accessRows(
  standing: readonly StandingRule[],
  hits: Readonly<Record<string, RuleHits>> | undefined,
): AccessRow[] {
  return standing
    .map((rule) => rowOf(rule, hitsOf(nameOf(rule), hits)))
    .sort((a, b) => rank(a) - rank(b) || b.hits.total - a.hits.total || (nameOf(a) < nameOf(b) ? -1 : 1))
}

function rank({ mode, rule }: AccessRow): number {
  return mode === 'audit' ? 0 : rule.spec.action === 'Deny' ? 1 : 2
}
