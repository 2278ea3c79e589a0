// A body that is there already.
import type { RequestBody } from './upstream.ts'

export function wholeBody(bytes: Buffer): RequestBody {
  let isOver = false
  let end = (): void => {}
  return {
    read: (taker) => {
      end = () => {
        if (isOver) return
        isOver = true
        taker.end([])
      }
      if (isOver || bytes.length === 0 || taker.data(bytes)) end()
    },
    resume: () => end(),
    abort: () => {
      isOver = true
    },
  }
}
