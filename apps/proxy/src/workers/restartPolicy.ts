// Whether a worker that ended by itself is started again, and when. Pure.

const FIRST_MS = 250
/** A worker that lived this long was well: its next end counts as the first again. */
const HEALTHY_MS = 60_000
/** So many ends in a row say that the next one would come too; in all they take some ten seconds. */
const MOST_IN_A_ROW = 6

export interface AfterEnd {
  /** Ends of this worker, none of which came after a minute of life. */
  inARow: number
  /** Until it is started again; null: it is not, and the proxy gives up. */
  delayMs: number | null
}

/** `inARow`: as it was before; `random` in [0, 1). Half of the doubling delay is jitter. */
export function afterEnd(inARow: number, livedMs: number, random: number): AfterEnd {
  const now = livedMs >= HEALTHY_MS ? 1 : inARow + 1
  const longestMs = FIRST_MS * 2 ** (now - 1)
  return { inARow: now, delayMs: now >= MOST_IN_A_ROW ? null : (longestMs / 2) * (1 + random) }
}
