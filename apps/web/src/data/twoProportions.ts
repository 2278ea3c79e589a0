// Whether one backend fails more often than another by more than chance: Fisher's exact test, one-sided, which is right
// for few failures too, where the usual normal approximation is not. Pure.

export interface Outcome {
  requests: number
  failures: number
}

/** Terms that add less than this share of the sum change nothing that is shown. */
const NEGLIGIBLE = 1e-12

/**
 * The probability that `one` has at least so many of the failures of both where the two in truth fail alike (0–1; small
 * speaks against `one`). 1 where nothing can be said.
 */
export function chanceOfWorse(one: Outcome, other: Outcome): number {
  const all = one.requests + other.requests
  const failed = one.failures + other.failures
  if (one.requests === 0 || other.requests === 0 || failed === 0) return 1
  // At or below the common rate it is no worse, and the tail would be most of the distribution.
  if (one.failures * all <= failed * one.requests) return 1
  const most = Math.min(failed, one.requests)
  let term = Math.exp(
    logChoose(failed, one.failures) +
      logChoose(all - failed, one.requests - one.failures) -
      logChoose(all, one.requests),
  )
  let sum = 0
  for (let k = one.failures; k <= most; k++) {
    sum += term
    if (term < sum * NEGLIGIBLE) break
    term *= ((failed - k) * (one.requests - k)) / ((k + 1) * (all - failed - one.requests + k + 1))
  }
  return Math.min(1, sum)
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k)
}

/** Stirling's series; exact sums below, where it is not good enough. */
function logFactorial(n: number): number {
  if (n < 16) {
    let product = 1
    for (let i = 2; i <= n; i++) product *= i
    return Math.log(product)
  }
  return n * Math.log(n) - n + Math.log(2 * Math.PI * n) / 2 + 1 / (12 * n) - 1 / (360 * n ** 3)
}
