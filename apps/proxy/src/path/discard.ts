// An answer that nobody gets, since the request is sent again: a short one is read to its end, so that its connection
// can be used again; a long one is broken off.
import type { Answer, Switched } from '../forward/upstream.ts'

const READ_BYTES = 64 * 1024

export function discard(answer: Answer | Switched | undefined): void {
  if (answer === undefined) return
  if (answer.kind === 'switched') {
    answer.stream.destroy()
    return
  }
  let rest = READ_BYTES
  answer.body.read({
    data: (chunk) => {
      rest -= chunk.length
      if (rest < 0) answer.body.abort()
      return rest >= 0
    },
    end: () => {},
    failed: () => {},
  })
}
