// The rest of a request's body that nobody wants: read and dropped within limits, so that an answer given before its end
// arrives (a socket that is closed with bytes unread is reset, and the answer is lost with it).
import type { IncomingMessage } from 'node:http'

const MAX_BYTES = 1024 * 1024
const MAX_MS = 2_000

/** Calls `over` once: true where the body came to its end, false where it is too long, too slow or broke off. */
export function dropRest(request: IncomingMessage, over: (isWhole: boolean) => void): void {
  let rest = MAX_BYTES
  const done = (isWhole: boolean): void => {
    clearTimeout(timer)
    request.off('end', onEnd)
    request.off('close', onClose)
    request.off('data', onData)
    over(isWhole)
  }
  const onEnd = (): void => done(true)
  const onClose = (): void => done(false)
  const onData = (chunk: Buffer): void => {
    rest -= chunk.length
    if (rest < 0) done(false)
  }
  const timer = setTimeout(done, MAX_MS, false)
  request.on('end', onEnd)
  request.on('close', onClose)
  request.on('data', onData)
  request.resume()
}
