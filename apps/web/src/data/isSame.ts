// Whether two answers say the same of a thing, whatever objects they are; and an answer made of the parts of the earlier
// one that it repeats. Pure.

/** For plain values. Ends at the first difference. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((value, i) => isSame(value, b[i]))
  if (!isPlain(a) || !isPlain(b)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key]))
}

/** An answer, its lists or parts, their rows: whoever draws one row compares that with the row before. */
const DEPTH = 2

/**
 * `now`, with those parts and rows that say the same as before as the objects that they were, so that nothing is drawn
 * anew for them. What differs is taken as it is: a chart's values differ with every reading, and to look into each of
 * them and copy it would cost more than it saves.
 */
export function keepSame(before: unknown, now: unknown, depth = DEPTH): unknown {
  if (isSame(before, now)) return before
  if (depth === 0) return now
  if (Array.isArray(before) && Array.isArray(now)) return now.map((value, i) => keepSame(before[i], value, depth - 1))
  if (!isPlain(before) || !isPlain(now)) return now
  return Object.fromEntries(Object.entries(now).map(([key, value]) => [key, keepSame(before[key], value, depth - 1)]))
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
