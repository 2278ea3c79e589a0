// The connection that is being handed to a worker, which takes one at a time. Node's cluster waits for the worker to say that
// it has taken it; where the worker ends instead, nobody ever closes it, and whoever made it would wait for good.
import type { ChildProcess } from 'node:child_process'

/** To be called before anything is sent to it. */
export function closeUntaken(child: ChildProcess): void {
  let last: { close(): void } | undefined
  const send = child.send
  Object.defineProperty(child, 'send', {
    value(this: ChildProcess, message: unknown, handle?: unknown, ...rest: unknown[]): unknown {
      if (isClosable(handle)) last = handle
      return Reflect.apply(send, this, [message, handle, ...rest])
    },
  })
  // One that was taken is closed here already, and closing it again does nothing.
  child.once('exit', () => last?.close())
}

const isClosable = (handle: unknown): handle is { close(): void } =>
  typeof handle === 'object' && handle !== null && 'close' in handle && typeof handle.close === 'function'
