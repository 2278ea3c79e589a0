// The order of names that are listed by their activity: two that are about as active would change places with every tick,
// under the pointer and with all that is drawn of them. Pure.

/**
 * `now` in the order of `before`, what is new behind that; the list `before` itself where they have the same names. Names
 * that are new for the most part answer another question, and keep their own order.
 */
export function heldOrder(before: string[], now: string[]): string[] {
  const wanted = new Set(now)
  const stays = before.filter((name) => wanted.has(name))
  if (stays.length * 2 < now.length) return now
  if (stays.length === now.length && stays.length === before.length) return before
  const known = new Set(stays)
  return [...stays, ...now.filter((name) => !known.has(name))]
}
