// From a row of values to the path of a small line. A gap ends the line and another begins.

/** Maps a value to a height (0 at the top). Without `floor` the line uses its whole height, with air for a flat one. */
export function scaleTo(values: readonly (number | null)[], height: number, floor?: number): (value: number) => number {
  const known = values.filter((value) => value !== null)
  const top = known.length === 0 ? 1 : Math.max(...known)
  const bottom = floor ?? (known.length === 0 ? 0 : Math.min(...known))
  const span = top - bottom
  const inset = 1.5
  if (span <= 0)
    return () => (floor === undefined || top === floor ? (top === floor ? height - inset : height / 2) : inset)
  return (value) => inset + (1 - (value - bottom) / span) * (height - 2 * inset)
}

const round = (n: number) => Math.round(n * 100) / 100

export function linePath(values: readonly (number | null)[], width: number, y: (value: number) => number): string {
  const step = values.length > 1 ? width / (values.length - 1) : 0
  let path = ''
  let isDrawing = false
  for (const [i, value] of values.entries()) {
    if (value === null) {
      isDrawing = false
      continue
    }
    path += `${isDrawing ? 'L' : 'M'}${round(i * step)} ${round(y(value))}`
    isDrawing = true
  }
  return path
}
