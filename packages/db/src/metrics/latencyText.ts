// Histograms as Postgres writes two arrays of whole numbers, "{1,2}{10,20}": indices, then counts; many of them one after
// the other. A page of a thousand services reads megabytes of it, so it is read digit by digit, without a list between. Pure.
import { Histogram, type SparseHistogram } from '@heddle/shared'

const COMMA = 44
const ZERO = 48
const OPEN = 123
const CLOSE = 125

/** Merging goes one row at a time: one growing histogram serves all of them. */
const merged = new Histogram()

/** The sum of all histograms in `text`; null: none. */
export function mergeLatencyText(text: string | null): SparseHistogram {
  merged.reset()
  if (text === null) return merged.toSparse()
  const index: number[] = []
  const count: number[] = []
  let list = count
  let number = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === OPEN) {
      // Lists come in pairs: what opens after counts are the indices of the next histogram.
      list = list === count ? index : count
      list.length = 0
      number = 0
    } else if (code === COMMA || code === CLOSE) {
      // An empty list closes where it has opened.
      if (text.charCodeAt(i - 1) !== OPEN) list.push(number)
      number = 0
      if (code === CLOSE && list === count) merged.add({ index, count })
    } else number = number * 10 + (code - ZERO)
  }
  return merged.toSparse()
}
