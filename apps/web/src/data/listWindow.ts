// Which rows of a long list are asked for: those in sight, and some to scroll to. Pure.

export interface ListWindow {
  /** Place of its first row, the first of all being 0. */
  from: number
  count: number
}

/** As many rows as a table may have and still be drawn whole. */
export const FIRST_WINDOW: ListWindow = { from: 0, count: 100 }
/** Asked for beyond those that are drawn, so that a turn of the wheel finds them there; also the step of a window. */
const MARGIN = 25

/** The rows to ask for where those from `first` to `last` are drawn. It moves in steps: most turns of a wheel ask nothing. */
export function windowAround(first: number, last: number): ListWindow {
  const from = Math.max(0, Math.floor((first - MARGIN) / MARGIN) * MARGIN)
  const to = Math.ceil((last + 1 + MARGIN) / MARGIN) * MARGIN
  return { from, count: Math.max(FIRST_WINDOW.count, to - from) }
}

/** What a window shows of a list. Where it begins behind the end (fewer are there than were), the last rows are in sight. */
export function rowsIn<Row>(rows: readonly Row[], { from, count }: ListWindow): { from: number; rows: Row[] } {
  const begin = Math.max(0, Math.min(from, rows.length - count))
  return { from: begin, rows: rows.slice(begin, begin + count) }
}
