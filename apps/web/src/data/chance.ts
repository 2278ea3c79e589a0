// Whether numbers differ by more than chance. Exact tests, so that a handful of calls is never taken for proof. Pure.

/** Fewer calls than this on either side are not compared at all. */
export const LEAST_COMPARED = 100
/** Two-sided: one false alarm in a hundred looks. */
const BEYOND_CHANCE = 0.01
/** Up to so many hits the exact test is summed term by term; above it, the normal approximation is as good. */
const MOST_EXACT = 20_000

/** So many of `n` calls were hits (failed, or slow). */
export interface Counted {
  hits: number
  n: number
}

export type Verdict = 'beyond_chance' | 'chance' | 'too_few'

/** Whether two samples have different rates. */
export function compareRates(a: Counted, b: Counted): Verdict {
  if (Math.min(a.n, b.n) < LEAST_COMPARED) return 'too_few'
  return chanceOfDifference(a, b) < BEYOND_CHANCE ? 'beyond_chance' : 'chance'
}

/**
 * How likely samples of one and the same rate differ by as much as these or more, to either side: Fisher's exact test,
 * which holds however few the hits are.
 */
export function chanceOfDifference(a: Counted, b: Counted): number {
  const hits = a.hits + b.hits
  const least = Math.max(0, hits - b.n)
  const most = Math.min(hits, a.n)
  if (least === most) return 1
  if (most - least > MOST_EXACT) return normalChance(a, b)
  const weight = (k: number) => logChoose(a.n, k) + logChoose(b.n, hits - k)
  const whole = logChoose(a.n + b.n, hits)
  // Of terms that are equal on paper one may be a rounding larger.
  const seen = weight(a.hits) + 1e-7
  let chance = 0
  for (let k = least; k <= most; k++) {
    const term = weight(k)
    if (term <= seen) chance += Math.exp(term - whole)
  }
  return Math.min(1, chance)
}

function normalChance(a: Counted, b: Counted): number {
  const pooled = (a.hits + b.hits) / (a.n + b.n)
  const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / a.n + 1 / b.n))
  return deviation === 0 ? 1 : twoSided(Math.abs(a.hits / a.n - b.hits / b.n) / deviation)
}

/** Chance that a standard normal lies beyond ±z (Abramowitz and Stegun 7.1.26, off by at most 1.5e-7). */
function twoSided(z: number): number {
  const t = 1 / (1 + (0.3275911 * z) / Math.SQRT2)
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
  return series * Math.exp((-z * z) / 2)
}

/**
 * How likely `hits` or more of `n` calls fail where each does with the probability `p`. Where no more fail than are
 * expected it is 1: that is evidence of nothing.
 */
export function chanceOfAtLeast({ hits, n }: Counted, p: number): number {
  if (hits <= n * p) return 1
  if (p <= 0) return 0
  let term = Math.exp(logChoose(n, hits) + hits * Math.log(p) + (n - hits) * Math.log1p(-p))
  let chance = 0
  // Above the mean each term is smaller than the one before, so the sum ends soon.
  for (let k = hits; k <= n && term > chance * 1e-12; k++) {
    chance += term
    term *= ((n - k) / (k + 1)) * (p / (1 - p))
  }
  return Math.min(1, chance)
}

function logChoose(n: number, k: number): number {
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1)
}

/** Coefficients of Lanczos' approximation (g = 7, nine terms), good to fifteen figures. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const

/** Of x ≥ 1. */
function logGamma(x: number): number {
  const base = x + 6.5
  let sum: number = LANCZOS[0]
  for (let i = 1; i < LANCZOS.length; i++) sum += (LANCZOS[i] ?? 0) / (x - 1 + i)
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(sum)
}
