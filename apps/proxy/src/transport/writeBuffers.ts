// A list of buffers in one write, so that it costs one system call and one TLS record.
import type { Socket } from 'node:net'

/** Up to this, copying costs less than what a list of buffers costs on its way to the kernel. */
const JOINED_BYTES = 16 * 1024

/** As `socket.write`: false, where `drain` is to be waited for. */
export function writeBuffers(socket: Socket, buffers: readonly Buffer[]): boolean {
  const [first] = buffers
  if (first === undefined) return true
  if (buffers.length === 1) return socket.write(first)
  let bytes = 0
  for (const buffer of buffers) bytes += buffer.length
  if (bytes <= JOINED_BYTES) return socket.write(Buffer.concat(buffers, bytes))
  socket.cork()
  let mayGoOn = true
  for (const buffer of buffers) mayGoOn = socket.write(buffer)
  socket.uncork()
  return mayGoOn
}
