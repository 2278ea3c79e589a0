// Two streams made one: what comes on either side goes out on the other, with backpressure and half-close, until both
// have ended or one breaks.
import type { Duplex } from 'node:stream'

/** Both sides said their end; or which one broke off first; or `destroy` was called. */
export type SpliceEnd = 'ended' | 'left_broke' | 'right_broke' | 'destroyed'

export interface Spliced {
  /** Resolves when both streams are closed. */
  readonly done: Promise<SpliceEnd>
  destroy(): void
}

/**
 * `moved` hears how many bytes went from left to right and from right to left. `breakOff` ends a stream whose other one
 * broke off: where a stream that is destroyed looks like one that has ended, it must do more.
 */
export function splice(
  left: Duplex,
  right: Duplex,
  moved: (fromLeft: number, toLeft: number) => void,
  breakOff: (stream: Duplex) => void = (stream) => stream.destroy(),
): Spliced {
  const { promise, resolve } = Promise.withResolvers<SpliceEnd>()
  let end: SpliceEnd = 'ended'
  const broke = (how: SpliceEnd, streams: readonly Duplex[]): void => {
    if (end === 'ended') end = how
    for (const stream of streams) if (!stream.destroyed) breakOff(stream)
  }
  const destroy = (): void => broke('destroyed', [left, right])
  // Whoever has said everything may still listen (RFC 9293, 3.6); the clock ends what nothing moves in.
  left.allowHalfOpen = true
  right.allowHalfOpen = true
  let open = 2
  const closed = (): void => {
    if (--open === 0) resolve(end)
  }
  const link = (from: Duplex, to: Duplex, how: SpliceEnd, count: (bytes: number) => void): void => {
    if (from.closed) closed()
    else
      from.once('close', () => {
        // Closed without an end: the other side must not take what it got for everything.
        if (!from.readableEnded) broke(how, [to])
        closed()
      })
    from.on('error', () => broke(how, [to]))
    from.on('end', () => to.end())
    from.on('data', (chunk: Buffer) => {
      count(chunk.length)
      if (!to.write(chunk)) from.pause()
    })
    to.on('drain', () => {
      count(0)
      from.resume()
    })
  }
  link(left, right, 'left_broke', (bytes) => moved(bytes, 0))
  link(right, left, 'right_broke', (bytes) => moved(0, bytes))
  if (left.destroyed) broke('left_broke', [right])
  if (right.destroyed) broke('right_broke', [left])
  // Whoever read from them before may have paused them, so that nothing was lost meanwhile.
  left.resume()
  right.resume()
  return { done: promise, destroy }
}
