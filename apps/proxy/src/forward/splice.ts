// Two streams made one: what comes on either side goes out on the other, with backpressure and half-close, until both
// have ended or one breaks.
import type { Duplex } from 'node:stream'

export interface Spliced {
  /** Resolves when both streams are closed. */
  readonly done: Promise<void>
  destroy(): void
}

/** `moved` hears how many bytes went from left to right and from right to left. */
export function splice(left: Duplex, right: Duplex, moved: (fromLeft: number, toLeft: number) => void): Spliced {
  const { promise, resolve } = Promise.withResolvers<void>()
  const destroy = (): void => {
    left.destroy()
    right.destroy()
  }
  // Whoever has said everything may still listen (RFC 9293, 3.6); the clock ends what nothing moves in.
  left.allowHalfOpen = true
  right.allowHalfOpen = true
  let open = 2
  const closed = (): void => {
    if (--open === 0) resolve()
  }
  const link = (from: Duplex, to: Duplex, count: (bytes: number) => void): void => {
    if (from.closed) closed()
    else
      from.once('close', () => {
        // Closed without an end: the other side must not take what it got for everything.
        if (!from.readableEnded) to.destroy()
        closed()
      })
    from.on('error', () => to.destroy())
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
  link(left, right, (bytes) => moved(bytes, 0))
  link(right, left, (bytes) => moved(0, bytes))
  if (left.destroyed || right.destroyed) destroy()
  // Whoever read from them before may have paused them, so that nothing was lost meanwhile.
  left.resume()
  right.resume()
  return { done: promise, destroy }
}
