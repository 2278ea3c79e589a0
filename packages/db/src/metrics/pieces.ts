// Which tables answer a range. Pure.
import { KEPT_MS, RESOLUTIONS_MS, type ResolutionMs } from './tables.ts'

export interface MetricsRange {
  /** Milliseconds since the epoch; widened to whole buckets. `to` is exclusive. */
  from: number
  to: number
  /** Width of the answer's buckets; a multiple of 10,000. null: one bucket for the whole range. */
  stepMs: number | null
}

/** A part of a range, read from one table. */
export interface Piece {
  resolution: ResolutionMs
  from: number
  to: number
}

const floor = (at: number, width: number): number => Math.floor(at / width) * width
const ceil = (at: number, width: number): number => Math.ceil(at / width) * width
const isKept = (at: number, resolution: ResolutionMs, now: number): boolean => at >= now - KEPT_MS[resolution]

/** Whole hours from the table of hours, and what is left at both ends from the finer ones: exact, and few rows. */
function wholeRange(from: number, to: number, now: number): Piece[] {
  const finest = RESOLUTIONS_MS.find((resolution) => isKept(from, resolution, now)) ?? 3_600_000
  let pieces: Piece[] = []
  let [start, end] = [floor(from, finest), ceil(to, finest)]
  for (const resolution of RESOLUTIONS_MS) {
    if (resolution < finest) continue
    const coarser = RESOLUTIONS_MS.find((other) => other > resolution)
    const [innerStart, innerEnd] = coarser === undefined ? [end, end] : [ceil(start, coarser), floor(end, coarser)]
    if (innerStart >= innerEnd) return [...pieces, { resolution, from: start, to: end }]
    pieces = [...pieces, { resolution, from: start, to: innerStart }, { resolution, from: innerEnd, to: end }]
    ;[start, end] = [innerStart, innerEnd]
  }
  return pieces
}

/**
 * With a step: the coarsest table whose buckets fit it. Where that does not hold `from` any more at `now`, a coarser
 * one, and then the answer's buckets (`stepMs`) are as wide as that one's. Without: pieces of several tables.
 */
export function piecesOf({ from, to, stepMs }: MetricsRange, now: number): { pieces: Piece[]; stepMs: number | null } {
  if (stepMs === null) return { pieces: wholeRange(from, to, now).filter((piece) => piece.from < piece.to), stepMs }
  const fitting = RESOLUTIONS_MS.findLast((resolution) => stepMs % resolution === 0) ?? 10_000
  const resolution = RESOLUTIONS_MS.find((other) => other >= fitting && isKept(from, other, now)) ?? 3_600_000
  return {
    pieces: [{ resolution, from: floor(from, resolution), to: ceil(to, resolution) }],
    stepMs: Math.max(stepMs, resolution),
  }
}
