// An answer that nobody gets, since the request is sent again or was a copy: a short one is read to its end, so that its
// connection can be used again; one that is long, or takes long, is broken off.
import type { Answer, Switched } from '../forward/upstream.ts'

const READ_BYTES = 64 * 1024
const READ_MS = 1_000

/** `onOver` is called once, when the answer has ended or was broken off. */
export function discard(
  answer: Answer | Switched | undefined,
  withinMs: number = READ_MS,
  onOver: () => void = () => {},
): void {
  if (answer === undefined || answer.kind === 'switched') {
    answer?.stream.destroy()
    onOver()
    return
  }
  const { body } = answer
  const over = (): void => {
    clearTimeout(timer)
    onOver()
  }
  const breakOff = (): void => {
    body.abort()
    over()
  }
  const timer = setTimeout(breakOff, withinMs)
  let rest = READ_BYTES
  body.read({
    data: (chunk) => {
      rest -= chunk.length
      if (rest < 0) breakOff()
      return rest >= 0
    },
    end: over,
    failed: over,
  })
}
