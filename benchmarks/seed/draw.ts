// Drawing from distributions with a seeded source. Pure: the source comes in.

export type Random = () => number

/** Streams of their own for each purpose and time, so that a stretch can be made again without what came before it. */
export function seedOf(seed: number, ...parts: readonly number[]): number {
  let hash = (seed ^ 0x9e3779b9) >>> 0
  for (const part of parts) {
    hash = Math.imul(hash ^ (part >>> 0), 0x85ebca6b) >>> 0
    hash = (hash ^ (hash >>> 13) ^ Math.floor(part / 2 ** 32)) >>> 0
  }
  return hash
}

export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** Above this a normal distribution tells the same, for less. */
const FEW = 30

/** How many of something that happens `mean` times on average; `none` is exp(-mean), which callers can keep. */
export function poisson(random: Random, mean: number, none = Math.exp(-mean)): number {
  if (mean > FEW) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)))
  let left = random() - none
  if (left < 0) return 0
  let chance = none
  let count = 0
  // The chance of very many is below what a double can tell from nothing.
  while (left >= 0 && count < 200) {
    count++
    chance *= mean / count
    left -= chance
  }
  return count
}

/** How many of `n` have what each of them has with `chance`. */
export function binomial(random: Random, n: number, chance: number): number {
  if (n <= 0 || chance <= 0) return 0
  return Math.min(n, poisson(random, n * chance))
}

/** An index by its share; the shares add up to 1. */
export function pickShare(random: Random, shares: readonly number[]): number {
  let left = random()
  for (let i = 0; i < shares.length - 1; i++) {
    left -= shares[i] ?? 0
    if (left < 0) return i
  }
  return shares.length - 1
}

/** `n` shared out: low counts by chance, high ones by expectation and what is left by chance. */
export function shareOut(random: Random, n: number, shares: readonly number[]): number[] {
  const counts = new Array<number>(shares.length).fill(0)
  let left = n
  if (n > FEW)
    for (let i = 0; i < shares.length; i++) {
      const sure = Math.floor(n * (shares[i] ?? 0) * 0.9)
      counts[i] = sure
      left -= sure
    }
  for (; left > 0; left--) {
    const i = pickShare(random, shares)
    counts[i] = (counts[i] ?? 0) + 1
  }
  return counts
}

/** Shares that fall as 1 / rank^steepness. */
export function fallingShares(count: number, steepness: number): number[] {
  const weights = Array.from({ length: count }, (_, i) => (i + 1) ** -steepness)
  const sum = weights.reduce((a, b) => a + b, 0)
  return weights.map((weight) => weight / sum)
}

export function shuffled<T>(random: Random, list: readonly T[]): T[] {
  const result = [...list]
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const [a, b] = [result[i], result[j]]
    if (a !== undefined && b !== undefined) [result[i], result[j]] = [b, a]
  }
  return result
}
