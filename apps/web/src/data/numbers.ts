// How numbers read in the console: floors, figures and units. Pure; where a number stands on the page is the components' matter.
import type { BytesPerSecond, Protocol } from '../server/schemas/numbers.ts'

/** No value at all; zero is "0". */
export const DASH = '—'
/** No-break space between a number and its unit. */
export const NBSP = ' '
/** Below this many calls a success rate says little: it is shown grey, with the count. */
export const FEW_CALLS = 100

export interface Quantity {
  text: string
  /** Empty where there is no value. */
  unit: string
}

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** Whole numbers with thousands separators: 14544 gives "14,544". */
export function formatCount(count: number): string {
  return grouped.format(count)
}

/** Percent with two decimals, floored, so that 99.996 never reads as 100.00. */
export function formatSuccess(percent: number | null): string {
  if (percent === null) return DASH
  // 99.99 * 100 is 9998.999…: the tolerance keeps what is exact on paper exact here.
  return (Math.floor(percent * 100 + 1e-6) / 100).toFixed(2)
}

/** Three figures, and never more than two decimals: 0.42, 4.04, 12.3, 842, 1,240. */
export function formatThreeFigures(value: number | null): string {
  if (value === null) return DASH
  if (value === 0) return '0'
  if (value < 0.01) return '<0.01'
  if (value < 9.995) return value.toFixed(2)
  if (value < 99.95) return value.toFixed(1)
  return grouped.format(value)
}

/** Of calls per second: requests, and of a service of TCP connections. */
export type RateUnit = 'rps' | 'conn/s'

export function rateUnit(protocol: Protocol): RateUnit {
  return protocol === 'tcp' ? 'conn/s' : 'rps'
}

/** Calls per second outside tables: "693 rps", "1.24k rps". */
export function formatRate(perSecond: number | null, unit: RateUnit = 'rps'): Quantity {
  if (perSecond === null) return { text: DASH, unit: '' }
  if (perSecond < 999.5) return { text: formatThreeFigures(perSecond), unit }
  if (perSecond < 999_500) return { text: `${formatThreeFigures(perSecond / 1_000)}k`, unit }
  return { text: `${formatThreeFigures(perSecond / 1_000_000)}M`, unit }
}

/** A count to three figures: "842", "1.24k", "3.50M". For what moves with each tick; exact where it is asked for. */
export function formatAbout(count: number): string {
  return count < 1_000 ? formatCount(count) : formatRate(count).text
}

/** Latency outside tables, in the unit that gives three figures: "840 µs", "4.21 ms", "1.24 s". */
export function formatLatency(ms: number | null): Quantity {
  if (ms === null) return { text: DASH, unit: '' }
  if (ms < 0.9995) return { text: formatThreeFigures(Math.round(ms * 1_000)), unit: 'µs' }
  if (ms < 999.5) return { text: formatThreeFigures(ms), unit: 'ms' }
  return { text: formatThreeFigures(ms / 1_000), unit: 's' }
}

/** A configured length of time as it was meant: "2 s", "500 ms", "1.5 s". */
export function durationText(ms: number): string {
  return ms < 1_000 ? `${ms}${NBSP}ms` : `${Number((ms / 1_000).toFixed(3))}${NBSP}s`
}

/** A share in whole percent, where nothing and everything mean just that: "<1", "42", ">99". */
export function formatShare(percent: number): string {
  if (percent > 0 && percent < 0.5) return '<1'
  return percent < 100 && percent >= 99.5 ? '>99' : String(Math.round(percent))
}

/** One text, joined by a no-break space: "42.0 ms". */
export function quantityText({ text, unit }: Quantity): string {
  return unit === '' ? text : `${text}${NBSP}${unit}`
}

/** Splits at the decimal point so that a column can align there: "1,240" gives ["1,240", ""], "52.4" gives ["52", ".4"]. */
export function splitAtPoint(text: string): [integer: string, fraction: string] {
  const point = text.indexOf('.')
  return point === -1 ? [text, ''] : [text.slice(0, point), text.slice(point)]
}

/** Storage in units of 1,000: "912 kB", "4.24 MB", "1.20 GB". */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes}${NBSP}B`
  const [unit, size] = bytes < 999_500 ? ['kB', 1e3] : bytes < 999_500_000 ? ['MB', 1e6] : ['GB', 1e9]
  return `${formatThreeFigures(bytes / Number(size))}${NBSP}${unit}`
}

/** What connections carried, towards the service and from it: "1.24 kB/s in, 12.3 MB/s out". */
export function carriedText({ to, from }: BytesPerSecond): string {
  const rate = (bytes: number) => `${formatBytes(bytes < 1_000 ? Math.round(bytes) : bytes)}/s`
  return `${rate(to)} in, ${rate(from)} out`
}

/** "r4,812": how a revision is named everywhere. */
export function formatRevision(revision: number): string {
  return `r${formatCount(revision)}`
}

/** "1 service", "3 services". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)}${NBSP}${count === 1 ? one : many}`
}
