// Who called whom, and the worst that the rules said of any of those calls. Pure: metrics come in.
import type { EdgeRow, RuleRow } from '@heddle/shared/wire/metrics'
import type { AccessMatrix, MatrixCell } from '../schemas/accessPreview.ts'

/** Rows and columns of one picture: more cannot be read, and there are searches for the rest. */
export const MOST_SHOWN = 30

export interface MatrixInput {
  /** Each call once (readShownEdges). */
  edges: readonly EdgeRow[]
  hits: readonly RuleRow[]
  /** The service that a rule is about; undefined where the rule is gone. */
  targetOf: (rule: string) => string | undefined
  isWanted: (source: string, destination: string) => boolean
}

const keyOf = (source: string, destination: string) => `${source}\n${destination}`

export function cellsOf({ edges, hits, targetOf, isWanted }: MatrixInput): MatrixCell[] {
  const cells = new Map<string, MatrixCell>()
  for (const { source, destination, requests, denied } of edges) {
    if (requests === 0 || !isWanted(source, destination)) continue
    const key = keyOf(source, destination)
    const cell = cells.get(key) ?? emptyCell(source, destination)
    cell.calls += requests
    cell.denied += denied
    cells.set(key, cell)
  }
  const audits = new Map<string, number>()
  for (const { rule, source, verdict, hits: count } of hits) {
    const cell = cells.get(keyOf(source, targetOf(rule) ?? ''))
    if (cell === undefined || count === 0) continue
    if (!cell.rules.includes(rule)) cell.rules.push(rule)
    if (verdict === 'allowed') cell.allowedByRule += count
    if (verdict !== 'audit_would_deny') continue
    // A call that two audit rules would deny is one call: the rule that would deny the most says at least how many.
    const sum = (audits.get(keyOf(rule, source)) ?? 0) + count
    audits.set(keyOf(rule, source), sum)
    cell.wouldBeDenied = Math.max(cell.wouldBeDenied, sum)
  }
  return [...cells.values()].map((cell) => ({ ...cell, verdict: verdictOf(cell), rules: cell.rules.toSorted() }))
}

function emptyCell(source: string, destination: string): MatrixCell {
  return { source, destination, calls: 0, verdict: 'default', denied: 0, wouldBeDenied: 0, allowedByRule: 0, rules: [] }
}

function verdictOf({ denied, wouldBeDenied, allowedByRule }: MatrixCell): MatrixCell['verdict'] {
  if (denied > 0) return 'deny'
  if (wouldBeDenied > 0) return 'audit'
  return allowedByRule > 0 ? 'allow' : 'default'
}

type Picture = Pick<AccessMatrix, 'sources' | 'destinations' | 'cells' | 'counts' | 'left'>

/** The most active callers and services, those first of whom something was or would be denied, and their cells. */
export function pictureOf(cells: readonly MatrixCell[]): Picture {
  const sources = mostActive(cells, ({ source }) => source)
  const destinations = mostActive(cells, ({ destination }) => destination)
  const counts = { allow: 0, default: 0, audit: 0, deny: 0 }
  for (const { verdict } of cells) counts[verdict]++
  return {
    sources: sources.shown,
    destinations: destinations.shown,
    cells: cells.filter(
      ({ source, destination }) => sources.shown.includes(source) && destinations.shown.includes(destination),
    ),
    counts,
    left: sources.left + destinations.left,
  }
}

function mostActive(cells: readonly MatrixCell[], nameOf: (cell: MatrixCell) => string) {
  const activity = new Map<string, { trouble: number; calls: number }>()
  for (const cell of cells) {
    const known = activity.get(nameOf(cell)) ?? { trouble: 0, calls: 0 }
    known.trouble += cell.denied + cell.wouldBeDenied > 0 ? 1 : 0
    known.calls += cell.calls
    activity.set(nameOf(cell), known)
  }
  const ranked = [...activity]
    .sort(([a, x], [b, y]) => Number(y.trouble > 0) - Number(x.trouble > 0) || y.calls - x.calls || (a < b ? -1 : 1))
    .map(([name]) => name)
  const byCalls = (name: string) => activity.get(name)?.calls ?? 0
  const shown = ranked.slice(0, MOST_SHOWN).sort((a, b) => byCalls(b) - byCalls(a) || (a < b ? -1 : 1))
  return { shown, left: ranked.length - shown.length }
}
