// A long stretch of time in parts whose ends are round: the inner ones are asked for again and again with the same ends,
// so that what was read of them can be kept, and only the short ones at both ends are read anew. Pure.

const MINUTE_MS = 60_000
const SMALLEST_TILE_MS = 5 * MINUTE_MS
const TILES_MS = [SMALLEST_TILE_MS, 60 * MINUTE_MS, 24 * 60 * MINUTE_MS] as const

export interface Part {
  from: number
  to: number
}

/**
 * Ascending, without gaps. At both ends parts get shorter; the inner ones begin and end on whole tiles. `finalAt`: up to
 * when nothing changes any more. Hours and days end there, or what is many would be read again for what is few.
 */
export function partsOf(from: number, to: number, finalAt: number = to): Part[] {
  const head: Part[] = []
  const tail: Part[] = []
  let [start, end] = [from, to]
  for (const tile of TILES_MS) {
    const latest = tile > SMALLEST_TILE_MS ? Math.min(end, finalAt) : end
    const [innerStart, innerEnd] = [Math.ceil(start / tile) * tile, Math.floor(latest / tile) * tile]
    if (innerStart >= innerEnd) break
    if (start < innerStart) head.push({ from: start, to: innerStart })
    if (innerEnd < end) tail.unshift({ from: innerEnd, to: end })
    ;[start, end] = [innerStart, innerEnd]
  }
  return start < end ? [...head, { from: start, to: end }, ...tail] : [...head, ...tail]
}

/**
 * The same for rows of steps, none of which lies in two parts: most of a chart in one, whose ends move once in many steps,
 * and what is left at both ends. `from` is a multiple of the step. One part where there is little to keep.
 */
export function stepParts({ from, to, stepMs }: Part & { stepMs: number }, finalAt: number): Part[] {
  const tile = TILES_MS.find((length) => length > stepMs && length % stepMs === 0)
  if (tile === undefined) return [{ from, to }]
  const [start, end] = [Math.ceil(from / tile) * tile, Math.floor(Math.min(to, finalAt) / tile) * tile]
  if (2 * (end - start) < to - from) return [{ from, to }]
  const parts = [
    { from, to: start },
    { from: start, to: end },
    { from: end, to },
  ]
  return parts.filter((part) => part.from < part.to)
}
