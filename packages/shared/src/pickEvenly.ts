/** At most `count` (2 or more) of `sorted`, evenly spread over it, the first and the last always among them. */
export function pickEvenly(sorted: readonly number[], count: number): number[] {
  if (sorted.length <= count) return [...sorted]
  const step = (sorted.length - 1) / (count - 1)
  return Array.from({ length: count }, (_, i) => sorted[Math.round(i * step)] ?? 0)
}
