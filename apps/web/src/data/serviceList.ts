// The services page: the sentence above it; what the filter and the segments keep, how columns sort. Pure; inputs
// are never changed.
import type { ServiceRow, ServicesListOutput } from '../server/schemas/services.ts'
import { NBSP, plural } from './numbers.ts'

export const SHOWN = ['all', 'attention', 'unknown', 'idle'] as const
export type Shown = (typeof SHOWN)[number]

export function isShown(row: ServiceRow, shown: Shown): boolean {
  switch (shown) {
    case 'all':
      return true
    case 'attention':
      return row.health.state === 'failing' || row.health.state === 'degraded'
    default:
      return row.health.state === shown
  }
}

/** Words, all of which must hold: `owner:shop`, `version:v2`, or part of the name. */
export function matchesFilter(row: ServiceRow, filter: string): boolean {
  return filter
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .every((word) => {
      if (word.startsWith('owner:')) return (row.owner ?? '').toLowerCase().startsWith(word.slice(6))
      if (word.startsWith('version:')) return row.versions.some((v) => v.version.startsWith(word.slice(8)))
      return row.service.includes(word)
    })
}

/** For the empty list: which words match how many rows, each taken alone. */
export function matchesOfWords(rows: readonly ServiceRow[], filter: string): { word: string; rows: number }[] {
  return filter
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => ({ word, rows: rows.filter((row) => matchesFilter(row, word)).length }))
}

const SEVERITY = { failing: 0, degraded: 1, unknown: 2, healthy: 3, idle: 4 } as const

export const SORTS = ['status', 'service', 'success', 'failed', 'volume', 'p50', 'p95', 'p99', 'ready'] as const
export type Sort = (typeof SORTS)[number]

/** What a column sorts by; null goes last whatever the direction. */
export function sortValue(row: ServiceRow, sort: Sort): number | string | null {
  switch (sort) {
    case 'status':
      return SEVERITY[row.health.state]
    case 'service':
      return row.service
    case 'success':
      return row.successRate
    case 'failed':
      return row.requests === 0 ? null : row.failures
    case 'volume':
      return row.requestsPerSecond
    case 'p50':
    case 'p95':
    case 'p99':
      return row.latencyMs[sort]
    case 'ready':
      return row.instances.all === 0 ? null : row.instances.ready / row.instances.all
  }
}

/** The direction in which a column's first click sorts: what is worst or most first. */
export function firstDirection(sort: Sort): 'asc' | 'desc' {
  return sort === 'status' || sort === 'service' || sort === 'success' || sort === 'ready' ? 'asc' : 'desc'
}

/** No value is neither best nor worst: it goes last in both directions. Equals keep the order given. */
export function sortRows(rows: readonly ServiceRow[], sort: Sort, order: 'asc' | 'desc'): ServiceRow[] {
  const sign = order === 'asc' ? 1 : -1
  return rows
    .map((row) => ({ row, value: sortValue(row, sort) }))
    .sort(({ value: a }, { value: b }) => {
      if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
      return a < b ? -sign : a > b ? sign : 0
    })
    .map(({ row }) => row)
}

/** The page's title: how many services need somebody. Traffic is that of the range; health is judged on its last 15 minutes. */
export function servicesTitle({ counts, attention }: Pick<ServicesListOutput, 'counts' | 'attention'>): string {
  const all = plural(counts.all, 'service')
  if (attention > 0) return `${attention} of ${all} need${attention === 1 ? 's' : ''} attention`
  const silent = counts.unknown
  if (silent > 0) return `${silent} of ${all} ${silent === 1 ? 'is' : 'are'} not reporting`
  if (counts.withoutCalls === counts.all) return `${all}, no traffic in this range`
  if (counts.idle === counts.all) return `${all}, no traffic in the last 15${NBSP}min of this range`
  return 'No service needs attention'
}
