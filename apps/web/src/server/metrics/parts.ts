// A long stretch of time in parts whose ends are round: the inner ones are asked for again and again with the same ends,
// so that what was read of them can be kept, and only the short ones at both ends are read anew. Pure.

const MINUTE_MS = 60_000
const TILES_MS = [5 * MINUTE_MS, 60 * MINUTE_MS, 24 * 60 * MINUTE_MS] as const

export interface Part {
  from: number
  to: number
}

/** Ascending, without gaps. At both ends parts get shorter; the inner ones begin and end on whole tiles. */
export function partsOf(from: number, to: number): Part[] {
  const head: Part[] = []
  const tail: Part[] = []
  let [start, end] = [from, to]
  for (const tile of TILES_MS) {
    const [innerStart, innerEnd] = [Math.ceil(start / tile) * tile, Math.floor(end / tile) * tile]
    if (innerStart >= innerEnd) break
    if (start < innerStart) head.push({ from: start, to: innerStart })
    if (innerEnd < end) tail.unshift({ from: innerEnd, to: end })
    ;[start, end] = [innerStart, innerEnd]
  }
  return start < end ? [...head, { from: start, to: end }, ...tail] : [...head, ...tail]
}
