// Several pieces of one message in one write, so that they cost one system call and one TLS record.
import type { Socket } from 'node:net'

/** Latin1 text or octets. */
export type Piece = string | Buffer

/** Up to this, copying costs less than what a list of pieces costs on its way to the kernel. */
const JOINED_BYTES = 16 * 1024

/** As `socket.write`. `onWritten`: called once, when all of it was handed to the system. */
export function writePieces(socket: Socket, pieces: readonly Piece[], onWritten?: () => void): boolean {
  const [first] = pieces
  if (first !== undefined && pieces.length === 1) return write(socket, first, onWritten)
  let bytes = 0
  for (const piece of pieces) bytes += piece.length
  if (bytes <= JOINED_BYTES) return socket.write(joined(pieces, bytes), onWritten)
  socket.cork()
  for (let i = 0; i < pieces.length - 1; i++) write(socket, pieces[i] ?? '', undefined)
  const mayGoOn = write(socket, pieces.at(-1) ?? '', onWritten)
  socket.uncork()
  return mayGoOn
}

function write(socket: Socket, piece: Piece, onWritten: (() => void) | undefined): boolean {
  return typeof piece === 'string' ? socket.write(piece, 'latin1', onWritten) : socket.write(piece, onWritten)
}

function joined(pieces: readonly Piece[], bytes: number): Buffer {
  const whole = Buffer.allocUnsafe(bytes)
  let at = 0
  for (const piece of pieces) {
    if (typeof piece === 'string') whole.write(piece, at, 'latin1')
    else whole.set(piece, at)
    at += piece.length
  }
  return whole
}
