// The picture of who calls a service and whom it calls: how many threads an edge has and where each runs. Pure geometry.

/** One thread stands for so many requests per second; chosen so that a side has at most 80. */
export const THREAD_UNITS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000] as const
const MOST_THREADS = 80

export function threadUnit(sides: readonly (readonly number[])[]): number {
  const largest = Math.max(0, ...sides.map((side) => side.reduce((a, b) => a + b, 0)))
  return THREAD_UNITS.find((unit) => largest / unit <= MOST_THREADS) ?? 10_000
}

/** At least one thread for an edge that has traffic at all. */
export function threadCount(perSecond: number, unit: number): number {
  return perSecond <= 0 ? 0 : Math.max(1, Math.round(perSecond / unit))
}

export interface Strand {
  /** Where its first thread begins and ends, how many follow below, and how close they lie at either end. */
  outerY: number
  innerY: number
  count: number
  outerPitch: number
  innerPitch: number
}

/** A row's threads stay within it, a little clear of the next. */
const ROW_CLEARANCE = 6

export interface Bundle {
  strands: Strand[]
  /** Height of the eye through which all of them run, and where it begins. */
  eye: { top: number; height: number }
}

/** Spreads edges (as thread counts) over rows of equal pitch at the outside, and bundles them in the middle. */
export function bundle(
  counts: readonly number[],
  rowTops: readonly number[],
  rowHeight: number,
  height: number,
): Bundle {
  const total = counts.reduce((a, b) => a + b, 0)
  const pitch = total === 0 ? 1 : Math.min(2.2, (height - 40) / total)
  const eyeHeight = Math.max(24, total * pitch + 8)
  const eyeTop = (height - eyeHeight) / 2
  let inner = eyeTop + (eyeHeight - total * pitch) / 2
  const strands = counts.map((count, i) => {
    const outerPitch = Math.min(pitch, (rowHeight - ROW_CLEARANCE) / Math.max(1, count))
    const outerY = (rowTops[i] ?? 0) + rowHeight / 2 - (count * outerPitch) / 2
    const strand = { outerY, innerY: inner, count, outerPitch, innerPitch: pitch }
    inner += count * pitch
    return strand
  })
  return { strands, eye: { top: eyeTop, height: eyeHeight } }
}

/** All threads of a strand as one SVG path from x = 0 to x = `width`. */
export function strandPath({ outerY, innerY, count, outerPitch, innerPitch }: Strand, width: number): string {
  const round = (n: number) => Math.round(n * 10) / 10
  return Array.from({ length: count }, (_, n) => {
    const y1 = round(outerY + n * outerPitch)
    const y2 = round(innerY + n * innerPitch)
    return `M0 ${y1}C${width * 0.55} ${y1} ${width * 0.45} ${y2} ${width} ${y2}`
  }).join('')
}
