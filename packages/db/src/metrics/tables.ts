// The tables of schema `metrics`: resolutions, how long each is kept, and how long a partition is.

export const RESOLUTIONS_MS = [10_000, 60_000, 3_600_000] as const
/** Milliseconds of a bucket. */
export type ResolutionMs = (typeof RESOLUTIONS_MS)[number]

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** 13 months, so that a year can be compared with the one before. */
export const KEPT_MS: Readonly<Record<ResolutionMs, number>> = {
  10000: 6 * HOUR_MS,
  60000: 14 * DAY_MS,
  3600000: 396 * DAY_MS,
}
const PATTERNS_KEPT_MS = 14 * DAY_MS

const SUFFIX: Readonly<Record<ResolutionMs, string>> = { 10000: '10s', 60000: '1m', 3600000: '1h' }

/** Dropping a partition is how things are forgotten: each holds a part of what is kept that is small, but not tiny. */
type Period = 'hour' | 'day' | 'month'
const PERIOD: Readonly<Record<ResolutionMs, Period>> = { 10000: 'hour', 60000: 'day', 3600000: 'month' }

export interface MetricsTable {
  /** Within schema `metrics`. */
  name: string
  keptMs: number
  period: Period
}

export type Family = 'route' | 'edge' | 'rule'
export const tableName = (family: Family, resolution: ResolutionMs): string => `${family}_${SUFFIX[resolution]}`

export const PATTERN_TABLE = 'pattern_1h'

export const METRICS_TABLES: readonly MetricsTable[] = [
  ...(['route', 'edge', 'rule'] as const).flatMap((family) =>
    RESOLUTIONS_MS.map((resolution) => ({
      name: tableName(family, resolution),
      keptMs: KEPT_MS[resolution],
      period: PERIOD[resolution],
    })),
  ),
  { name: PATTERN_TABLE, keptMs: PATTERNS_KEPT_MS, period: 'day' },
]

/** Start of the period that holds `at`, UTC, or of one `offset` periods later. */
export function periodStart(period: Period, at: number, offset = 0): number {
  const date = new Date(at)
  const [year, month, day, hour] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate(), date.getUTCHours()]
  switch (period) {
    case 'hour':
      return Date.UTC(year, month, day, hour + offset)
    case 'day':
      return Date.UTC(year, month, day + offset)
    case 'month':
      return Date.UTC(year, month + offset)
  }
}

const SUFFIX_LENGTH: Readonly<Record<Period, number>> = { month: 6, day: 8, hour: 10 }

/** `route_10s_2026112317`: the table and the start of its partition, as far as the period needs it. */
export function partitionName(table: MetricsTable, start: number): string {
  const digits = new Date(start).toISOString().replaceAll(/\D/g, '')
  return `${table.name}_${digits.slice(0, SUFFIX_LENGTH[table.period])}`
}

/** Start of a partition by its name, or undefined where the name is not one of `table`'s. */
export function partitionStart(table: MetricsTable, name: string): number | undefined {
  const digits = name.startsWith(`${table.name}_`) ? name.slice(table.name.length + 1) : ''
  const match = /^(\d{4})(\d{2})(\d{2})?(\d{2})?$/.exec(digits)
  if (match === null || digits.length !== SUFFIX_LENGTH[table.period]) return undefined
  const [, year, month, day = '01', hour = '00'] = match
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour))
}
