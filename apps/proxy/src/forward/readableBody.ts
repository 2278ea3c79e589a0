// A stream as the body of an answer.
import type { Readable } from 'node:stream'
import { classifyError, type Progress } from './classifyError.ts'
import type { AnswerBody, BodyReader } from './upstream.ts'

export function readableBody(
  stream: Readable,
  abort: () => void,
  progress: Progress,
): { body: AnswerBody; broke(error: Error): void } {
  let reader: BodyReader | undefined
  let broken: Error | undefined
  let isOver = false
  const fail = (): void => {
    if (reader === undefined || broken === undefined || isOver) return
    isOver = true
    reader.failed(classifyError(broken, progress, 'app'))
  }
  const broke = (error: Error): void => {
    broken ??= error
    fail()
  }
  stream.on('error', broke)
  return {
    broke,
    body: {
      read: (given) => {
        reader = given
        stream.on('data', (chunk: Buffer) => {
          if (!isOver && !given.data(chunk)) stream.pause()
        })
        stream.on('end', () => {
          if (isOver) return
          isOver = true
          given.end([])
        })
        fail()
      },
      resume: () => stream.resume(),
      abort: () => {
        isOver = true
        stream.destroy()
        abort()
      },
    },
  }
}
