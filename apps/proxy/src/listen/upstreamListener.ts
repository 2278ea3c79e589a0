// A port on loopback behind which one TCP service of the mesh is found (`--upstream`). Nothing is read from a connection
// before the service has taken it, so that the caller is held back by the kernel.
import { createServer, type Socket } from 'node:net'
import { MAX_CONNECTIONS, SOCKETS } from './front.ts'
import { listenOn } from './socketServer.ts'

/** Finds callers that vanished without a word; nothing else ends a connection in which nothing moves. */
const KEEP_ALIVE_PROBE_MS = 30_000

export interface UpstreamListener {
  readonly port: number
  /** Takes no further connection; those that it took are not its own. */
  close(): Promise<void>
}

/** Rejects with the system's error, e.g. EADDRINUSE. */
export async function startUpstreamListener(port: number, take: (socket: Socket) => void): Promise<UpstreamListener> {
  const server = createServer(
    { ...SOCKETS, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_PROBE_MS, pauseOnConnect: true },
    (socket) => {
      socket.on('error', () => {})
      take(socket)
    },
  )
  server.maxConnections = MAX_CONNECTIONS
  return {
    port: await listenOn(server, '127.0.0.1', port),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
