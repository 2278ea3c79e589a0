// Rows of many deltas into one row for each series and bucket. Pure.

/** One row per bucket and key, in the order of the keys, so that two writers lock rows in one order. */
export function mergeRows<Row>(
  rows: Iterable<{ at: number; row: Row }>,
  keyOf: (row: Row) => string,
  add: (a: Row, b: Row) => Row,
): { at: number; row: Row }[] {
  const merged = new Map<string, { at: number; row: Row }>()
  for (const { at, row } of rows) {
    const key = `${at} ${keyOf(row)}`
    const known = merged.get(key)
    merged.set(key, { at, row: known === undefined ? row : add(known.row, row) })
  }
  return [...merged].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value)
}
