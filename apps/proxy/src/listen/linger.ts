// The end of a connection whose other side may still be sending: a socket that is closed with bytes unread is reset, and
// what was written last is lost with it (RFC 9112, 9.6).
import type { Socket } from 'node:net'

const DROPPED_BYTES = 1024 * 1024

/** Ends our side and drops what still comes. Whoever owns the socket destroys it when the other side takes too long. */
export function linger(socket: Socket): void {
  let left = DROPPED_BYTES
  socket.on('data', (chunk) => {
    left -= chunk.length
    if (left < 0) socket.destroy()
  })
  socket.end()
  socket.resume()
}
