// The arithmetic of a split: weights to whole percents, and what moving one backend does to the others.
// Whole percents that add to 100, always; who holds the draft and draws it is the editor's matter.

export const TOTAL = 100

/** Splits `total` in proportion to `parts`, in whole numbers (largest remainder; ties go to the earlier part). All zero: equal parts. */
export function apportion(total: number, parts: readonly number[]): number[] {
  if (parts.length === 0) return []
  const sum = parts.reduce((a, b) => a + b, 0)
  const exact = parts.map((part) => (sum === 0 ? total / parts.length : (total * part) / sum))
  const shares = exact.map(Math.floor)
  let left = total - shares.reduce((a, b) => a + b, 0)
  const byRemainder = exact
    .map((value, index) => ({ index, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index)
  for (const { index } of byRemainder) {
    if (left <= 0) break
    shares[index] = (shares[index] ?? 0) + 1
    left--
  }
  return shares
}

/** What share of requests each of the relative weights means, in whole percent. All zero means that nothing is sent: all zero. */
export function sharesOf(weights: readonly number[]): number[] {
  return weights.every((weight) => weight === 0) ? weights.map(() => 0) : apportion(TOTAL, weights)
}

export interface Move {
  /** Shares before the hand touched this backend; the others keep *these* proportions however far it is moved. */
  from: readonly number[]
  locked: readonly boolean[]
  index: number
  /** Wanted share of `index`; clamped to what the locked ones leave. */
  to: number
}

/** The highest and lowest share that a backend can have while the locked others keep theirs. */
export function shareLimits(shares: readonly number[], locked: readonly boolean[], index: number): [number, number] {
  let held = 0
  let free = 0
  for (const [i, share] of shares.entries()) {
    if (i === index) continue
    if (locked[i]) held += share
    else free++
  }
  const most = TOTAL - held
  return [free === 0 ? most : 0, most]
}

/** Moves one backend to a share; the unlocked others scale in proportion, the locked ones stay. The result adds to 100. */
export function moveShare({ from, locked, index, to }: Move): number[] {
  if (locked[index]) return [...from]
  const [least, most] = shareLimits(from, locked, index)
  const share = Math.min(most, Math.max(least, Math.round(to)))
  const others = from.map((_, i) => i).filter((i) => i !== index && !locked[i])
  const spread = apportion(
    most - share,
    others.map((i) => from[i] ?? 0),
  )
  const result = [...from]
  result[index] = share
  for (const [n, i] of others.entries()) result[i] = spread[n] ?? 0
  return result
}

/** Threads: each of 100 positions with the backend that holds it now and the one that would, and how many change. */
export interface Threads {
  now: number[]
  proposed: number[]
  moved: number
}

/** Lays 100 threads out by backend; a losing backend gives its last ones, a gaining backend takes them in order. */
export function threadsOf(now: readonly number[], proposed: readonly number[]): Threads {
  const wanting = proposed.map((share, i) => Math.max(0, share - (now[i] ?? 0)))
  const top: number[] = []
  const bottom: number[] = []
  let moved = 0
  for (const [backend, share] of now.entries())
    for (let n = 0; n < share; n++) {
      top.push(backend)
      if (n < (proposed[backend] ?? 0)) {
        bottom.push(backend)
        continue
      }
      const taker = wanting.findIndex((wants) => wants > 0)
      if (taker !== -1) wanting[taker] = (wanting[taker] ?? 0) - 1
      bottom.push(taker === -1 ? backend : taker)
      moved++
    }
  return { now: top, proposed: bottom, moved }
}

/** Each weight's share in whole percent as text: "<1" where a backend gets requests all the same, ">99" where it does not get all. */
export function shareTexts(weights: readonly number[]): string[] {
  const isOnly = weights.filter((weight) => weight > 0).length === 1
  return sharesOf(weights).map((share, i) => {
    if (share === 0 && (weights[i] ?? 0) > 0) return '<1'
    return share === TOTAL && !isOnly ? '>99' : String(share)
  })
}

/** "70 / 30"; of weights or of shares. */
export function sharesText(weights: readonly number[]): string {
  return shareTexts(weights).join(' / ')
}

/** Whether two lists of weights mean the same split, exactly: 999 and 1 are not 100 and 0. */
export function isSameSplit(a: readonly number[], b: readonly number[]): boolean {
  const sum = (weights: readonly number[]) => weights.reduce((total, weight) => total + weight, 0)
  const [all, others] = [sum(a), sum(b)]
  return a.length === b.length && a.every((weight, i) => weight * others === (b[i] ?? 0) * all)
}
