/** Where an axis of delays ends: the next of 1, 2, 3, 5 times a power of ten, from 100 ms on, so that changes compare. */
export function axisEnd(ms: number): number {
  for (let power = 100; ; power *= 10) for (const step of [1, 2, 3, 5]) if (step * power >= ms) return step * power
}
