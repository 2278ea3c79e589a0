// Binding a port and giving it back.
import type { Server } from 'node:net'
import type { Connections } from './connections.ts'

const UNTOLD_MS = 1_000

/** Port 0 picks a free one. Rejects with the system's error, e.g. EADDRINUSE. */
export function listenOn(server: Server, address: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    // In workers all of them share the port; alone in its process, a proxy has it for itself anyway.
    server.listen({ host: address, port }, () => {
      server.off('error', reject)
      // EMFILE and the like: the connection is lost, the listener goes on.
      server.on('error', () => {})
      const bound = server.address()
      if (bound === null || typeof bound === 'string') reject(new Error(`no TCP port was bound on ${address}`))
      else resolve(bound.port)
    })
  })
}

/**
 * After a drain, callers that were not told of the end have a moment to hear it: what they send is refused for elsewhere,
 * and their connection ends with that.
 */
export async function closeServer(server: Server, connections: Connections): Promise<void> {
  if (connections.isDrained) await connections.left(UNTOLD_MS)
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
    connections.close()
  })
}
