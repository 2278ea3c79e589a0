// Whether a part of a page may stay as it was drawn last, although its numbers have moved. Pure.

/** By so much numbers out of sight may be older than the others, milliseconds: the page is searched, and read aloud. */
const OLD_MS = 30_000

export interface LastDrawn {
  /** All that it showed but numbers. */
  shape: string
  /** The end of the range that its numbers were of, milliseconds since the epoch. */
  to: number
}

export interface Wanted extends LastDrawn {
  isInSight: boolean
}

/** `last` null: it was never drawn. Numbers of an earlier time follow newer ones where somebody has chosen another range. */
export const mayStay = (last: LastDrawn | null, { shape, to, isInSight }: Wanted): boolean =>
  last !== null && !isInSight && last.shape === shape && to >= last.to && to - last.to < OLD_MS
