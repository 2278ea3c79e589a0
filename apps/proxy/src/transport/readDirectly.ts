// What a socket reads, given to its reader past Node's stream. For each chunk a stream asks for the next tick, to see whether
// more is to be read, though a socket goes on reading by itself: four times for each request of a pair of proxies.
//
// It leans on one thing that Node does not promise: that a socket hands what it has read to its own `push`. The reader is a
// listener of 'data' all the same, so that where a Node does it in another way all comes as from any stream; and on the
// Node that we ship a test says so. The stream stays in charge of all in which it has a say: while it is paused, while it
// holds something (which comes first), while somebody else listens too, and of the end.
import type { Socket } from 'node:net'

/** `take` gets every chunk in order, as a listener of 'data' does, until the function that is given back is called. */
export function readDirectly(socket: Socket, take: (chunk: Buffer) => void): () => void {
  const { push } = socket
  socket.push = (chunk: Buffer | null) => {
    // The end of what is read.
    if (chunk === null || !isFree(socket)) return push.call(socket, chunk)
    take(chunk)
    return true
  }
  socket.on('data', take)
  return () => {
    socket.push = push
    socket.off('data', take)
  }
}

/** The stream would do nothing but call its one listener. */
function isFree(socket: Socket): boolean {
  return socket.readableFlowing === true && socket.readableLength === 0 && socket.listenerCount('data') === 1
}
