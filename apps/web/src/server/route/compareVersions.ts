// A route's versions side by side, and whether what differs is more than chance, with the sample in words. Pure.
import { bucketOf, mergeHistograms, type SparseHistogram } from '@heddle/shared/histogram'
import { type Counted, compareRates, LEAST_COMPARED, type Verdict } from '../../data/chance.ts'
import { formatCount, formatLatency, NBSP, quantityText } from '../../data/numbers.ts'
import type { Totals } from '../metrics/totals.ts'
import type { VersionComparison } from '../schemas/route.ts'

export interface Measured {
  version: string
  totals: Totals
}

/** Each version against the one with most calls. */
export function compareVersions(versions: readonly Measured[]): VersionComparison[] {
  const called = versions.filter(({ totals }) => totals.requests > 0)
  const [baseline, ...others] = [...called].sort((a, b) => b.totals.requests - a.totals.requests)
  return baseline === undefined ? [] : others.map((other) => compare(other, baseline))
}

function compare(other: Measured, baseline: Measured): VersionComparison {
  const n = Math.min(finished(other.totals), finished(baseline.totals))
  const failures = compareRates(failed(other.totals), failed(baseline.totals))
  const latency = compareSlowest(other.totals.latencies(), baseline.totals.latencies())
  const found = { version: other.version, baseline: baseline.version, n, failures, latency }
  return { ...found, words: wordsOf(other, baseline, found) }
}

const finished = (totals: Totals): number => totals.requests - totals.cancelled
const failed = (totals: Totals): Counted => ({ hits: totals.failures, n: finished(totals) })

/**
 * Whether two p99 differ: how many of each are slower than the middle between both is compared, a quantile test (of which
 * Mood's median test is the best known case). A bucket is on one side as a whole.
 */
export function compareSlowest(a: SparseHistogram, b: SparseHistogram): Verdict {
  const [p99a, p99b] = [mergeHistograms([a]).quantile(0.99), mergeHistograms([b]).quantile(0.99)]
  if (p99a === null || p99b === null) return 'too_few'
  const middle = bucketOf(Math.sqrt(p99a * p99b))
  return compareRates(slowerThan(a, middle), slowerThan(b, middle))
}

function slowerThan({ index, count }: SparseHistogram, bucket: number): Counted {
  let [hits, n] = [0, 0]
  for (const [i, of] of index.entries()) {
    n += count[i] ?? 0
    if (of > bucket) hits += count[i] ?? 0
  }
  return { hits, n }
}

function wordsOf(
  other: Measured,
  baseline: Measured,
  { n, failures, latency }: Pick<VersionComparison, 'n' | 'failures' | 'latency'>,
): string {
  const sample = `n${NBSP}=${NBSP}${formatCount(n)}`
  if (n < LEAST_COMPARED)
    return `Not enough requests yet to compare ${other.version} with ${baseline.version} (${sample}, at least ${LEAST_COMPARED} needed).`
  const fails = failuresInWords(other, baseline)
  const slow = latencyInWords(other, baseline)
  if (failures === 'beyond_chance' && latency === 'beyond_chance')
    return `${other.version} ${fails} and ${slow}. Both differences are beyond chance (${sample}).`
  if (failures === 'beyond_chance')
    return `${other.version} ${fails}: beyond chance (${sample}). Its p99 differs by no more than chance.`
  if (latency === 'beyond_chance')
    return `${other.version}: ${slow}, beyond chance (${sample}). Its failures differ by no more than chance.`
  return `${other.version} and ${baseline.version} differ by no more than chance, in failures and in p99 (${sample}).`
}

function failuresInWords(other: Measured, baseline: Measured): string {
  const [own, base] = [failed(other.totals), failed(baseline.totals)]
  const ratio = own.hits / own.n / (base.hits / base.n)
  if (base.hits > 0 && ratio >= 1) return `fails ${times(ratio)} as often as ${baseline.version}`
  return `fails ${share(own)} of its calls, ${baseline.version} ${share(base)}`
}

function latencyInWords(other: Measured, baseline: Measured): string {
  const [own, base] = [other.totals.latencyMs(0.99) ?? 0, baseline.totals.latencyMs(0.99) ?? 0]
  if (base > 0 && own >= base) return `its p99 is ${times(own / base)} as long`
  return `its p99 is ${quantityText(formatLatency(own))} against ${quantityText(formatLatency(base))}`
}

const times = (ratio: number): string => `${ratio < 10 ? ratio.toFixed(1) : formatCount(ratio)}${NBSP}×`
const share = ({ hits, n }: Counted): string => `${((hits / n) * 100).toFixed(2)}${NBSP}%`
