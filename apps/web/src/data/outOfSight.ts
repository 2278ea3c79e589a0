// Whether a part of a page may stay as it was drawn last, although its numbers have moved. Pure.

/** As old as numbers out of sight may be, milliseconds: the page is searched, and read aloud. */
const OLD_MS = 30_000

export interface LastDrawn {
  /** All that it showed but numbers. */
  shape: string
  /** When, milliseconds by the page's own clock. */
  at: number
}

export interface Wanted {
  shape: string
  now: number
  isInSight: boolean
}

/** `last` null: it was never drawn. */
export const mayStay = (last: LastDrawn | null, { shape, now, isInSight }: Wanted): boolean =>
  last !== null && !isInSight && last.shape === shape && now - last.at < OLD_MS
