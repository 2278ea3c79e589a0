// Whether a message of config may replace what is held: the rule of (epoch, revision). Pure.

/** Config is numbered by this pair; a later epoch wins whatever its revision. */
export interface Position {
  /** When the database was made, or declared new after a restore. */
  epoch: number
  revision: number
}

export type Verdict =
  | { apply: true }
  /** Older than what is held: kept, and the sender told. */
  | { apply: false; refused: string }
  /** Made from something else than what is held: a new hello brings everything. */
  | { apply: false; unknownBase: true }

/** Below 0: `a` is older than `b`. */
export function comparePositions(a: Position, b: Position): number {
  return a.epoch - b.epoch || a.revision - b.revision
}

export function judgeSnapshot(held: Position | null, offered: Position): Verdict {
  if (held === null || comparePositions(offered, held) >= 0) return { apply: true }
  return {
    apply: false,
    refused: `revision ${offered.revision} of epoch ${offered.epoch} is older than the one held, ${held.revision} of ${held.epoch}`,
  }
}

/** `base`: the revision that the delta was made from, of the same epoch. */
export function judgeDelta(held: Position | null, offered: Position, base: number): Verdict {
  if (held === null || offered.epoch !== held.epoch || base !== held.revision) {
    const isOlder = held !== null && comparePositions(offered, held) < 0
    return isOlder ? judgeSnapshot(held, offered) : { apply: false, unknownBase: true }
  }
  return judgeSnapshot(held, offered)
}
