// Whether two answers say the same of a thing, whatever objects they are. Pure.

/** For plain values whose fields come in one order, as an answer's do. */
export function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}
