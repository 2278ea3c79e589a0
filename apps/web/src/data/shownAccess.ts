// What is read of a square of the access matrix and of a rule in the list; either is drawn anew only for that. Counts are
// rounded there: exact ones would change in nearly every square and rule with each tick. Pure.
import type { MatrixCell } from '../server/schemas/accessPreview.ts'
import type { AccessRow } from './accessRows.ts'
import { formatAbout } from './numbers.ts'
import { OUTSIDE_NAME, VERDICT_TEXT } from './verdicts.ts'

export const callerName = (source: string): string => (source === 'public' ? OUTSIDE_NAME : source)

type Counted = (count: number) => string

/** `count`: how numbers read; exact where somebody points. */
export function squareText(
  source: string,
  destination: string,
  cell: MatrixCell | undefined,
  count: Counted = formatAbout,
): string {
  if (cell === undefined) return `${callerName(source)} did not call ${destination}`
  const calls = `${callerName(source)} called ${destination} ${count(cell.calls)} times`
  if (cell.verdict === 'deny') return `${calls}: ${count(cell.denied)} denied`
  if (cell.verdict === 'audit') return `${calls}: ${count(cell.wouldBeDenied)} would be denied`
  return `${calls}: ${VERDICT_TEXT[cell.verdict].toLowerCase()}`
}

/** Whether two squares of the same caller and service read alike. */
export const isSameSquare = (a: MatrixCell | undefined, b: MatrixCell | undefined): boolean =>
  a === b ||
  (a !== undefined && b !== undefined && a.verdict === b.verdict && squareText('', '', a) === squareText('', '', b))

export interface RuleNote {
  text: string
  tone: 'warn' | 'quiet'
}

/** What it, or its hits, are worth saying; null: nothing. */
export function noteOf(row: Pick<AccessRow, 'mode' | 'isPutAside' | 'hits' | 'callers'>): RuleNote | null {
  const { mode, hits, callers } = row
  // First, since who reads it as in force believes something closed that is open.
  if (row.isPutAside) return { text: 'route is put aside', tone: 'warn' }
  if (mode === 'audit' && hits.auditWouldDeny > 0)
    return { text: `${formatAbout(hits.auditWouldDeny)} would be denied`, tone: 'warn' }
  if (mode === 'audit' && hits.auditWouldAllow > 0)
    return { text: `${formatAbout(hits.auditWouldAllow)} would be let in`, tone: 'quiet' }
  if (hits.denied > 0)
    return { text: `${formatAbout(hits.denied)} denied from ${deniedCallers(callers)}`, tone: 'quiet' }
  return null
}

/** "reviews", "reviews and 2 more". */
function deniedCallers(callers: AccessRow['callers']): string {
  const denied = callers.filter((caller) => caller.denied > 0)
  const [first] = denied
  if (first === undefined) return 'others'
  return denied.length === 1 ? callerName(first.source) : `${callerName(first.source)} and ${denied.length - 1} more`
}

/** `moment`: how a time reads. */
export function shownAccessRow(row: AccessRow, moment: (at: number) => string) {
  return {
    rule: [row.rule.metadata.name, row.sentence, row.rule.spec.action, row.mode],
    hits: formatAbout(row.hits.total),
    last: row.lastHitAt === null ? null : moment(row.lastHitAt),
    note: noteOf(row),
    unusedSince: row.unusedSince,
  }
}

/** What the list rounds, where somebody points at it. */
export function exactHits({ hits, callers }: Pick<AccessRow, 'hits' | 'callers'>, count: Counted): string {
  const denied = callers.filter((caller) => caller.denied > 0)
  const from = denied.map((caller) => `${callerName(caller.source)}: ${count(caller.denied)}`).join(', ')
  return `${count(hits.total)} hits${from === '' ? '' : `; denied ${from}`}`
}
