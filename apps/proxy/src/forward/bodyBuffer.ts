// Between undici's callbacks and the reader of an answer's body: holds what comes before the reader is there, and stops
// the connection when more comes than anybody takes.
import type { Dispatcher } from 'undici'
import type { HeaderList } from '../listen/exchange.ts'
import type { AnswerBody, BodyReader, Failure } from './upstream.ts'

/** What may lie here before the connection is told to wait. */
const HELD_BYTES = 64 * 1024

export interface BodyBuffer {
  readonly body: AnswerBody
  data(chunk: Buffer): void
  end(trailers: HeaderList): void
  failed(failure: Failure): void
}

export function bufferBody(controller: Dispatcher.DispatchController, abort: () => void): BodyBuffer {
  let reader: BodyReader | undefined
  let held: Buffer[] = []
  let heldBytes = 0
  let isWaiting = false
  let isAborted = false
  let ending: (() => void) | undefined
  let hasEnded = false

  const finish = (): void => {
    if (hasEnded || ending === undefined || reader === undefined || isWaiting || held.length > 0 || isAborted) return
    hasEnded = true
    ending()
  }
  const flow = (): void => {
    while (reader !== undefined && !isWaiting && held.length > 0) {
      const chunk = held.shift()
      if (chunk === undefined) break
      heldBytes -= chunk.length
      isWaiting = !reader.data(chunk)
    }
    if (!isWaiting && held.length === 0 && controller.paused) controller.resume()
    finish()
  }

  return {
    body: {
      read: (given) => {
        reader = given
        flow()
      },
      resume: () => {
        if (!isWaiting) return
        isWaiting = false
        flow()
      },
      abort: () => {
        isAborted = true
        held = []
        abort()
      },
    },
    data: (chunk) => {
      if (isAborted) return
      if (reader !== undefined && !isWaiting && held.length === 0) {
        isWaiting = !reader.data(chunk)
        if (isWaiting) controller.pause()
        return
      }
      held.push(chunk)
      heldBytes += chunk.length
      if (isWaiting || heldBytes > HELD_BYTES) controller.pause()
    },
    end: (trailers) => {
      ending = () => reader?.end(trailers)
      finish()
    },
    failed: (failure) => {
      // What is held is not delivered first: the answer is broken anyway.
      if (hasEnded || isAborted) return
      held = []
      isWaiting = false
      ending = () => reader?.failed(failure)
      finish()
    },
  }
}
