// The connections that are being handed to a worker, which takes one at a time of each port. Node's cluster waits for the
// worker to say that it has taken it; where the worker ends instead, nobody ever closes it, and whoever made it would wait
// for good.
import type { ChildProcess } from 'node:child_process'

interface Closable {
  close(): void
}

/** To be called before anything is sent to it. */
export function closeUntaken(child: ChildProcess): void {
  /** By what the cluster calls the port. */
  const latest = new Map<unknown, Closable>()
  const send = child.send
  Object.defineProperty(child, 'send', {
    value(this: ChildProcess, message: unknown, handle?: unknown, ...rest: unknown[]): unknown {
      if (isClosable(handle)) latest.set(keyOf(message), handle)
      return Reflect.apply(send, this, [message, handle, ...rest])
    },
  })
  // One that was taken is closed here already, and closing it again does nothing.
  child.once('exit', () => {
    for (const handle of latest.values()) handle.close()
  })
}

const keyOf = (message: unknown): unknown =>
  typeof message === 'object' && message !== null && 'key' in message ? message.key : undefined

const isClosable = (handle: unknown): handle is Closable =>
  typeof handle === 'object' && handle !== null && 'close' in handle && typeof handle.close === 'function'
