// The admin port, loopback only: /metrics, /ready, /live. It has its own server, so that traffic at its limit cannot
// take the last connection from whoever wants to know why.
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface AdminOptions {
  port: number
  /** Why this instance is not ready, a sentence each; empty: ready. */
  obstacles: () => string[]
  /** The text for Prometheus and its content type. */
  metrics: () => Promise<{ text: string; contentType: string }>
}

export interface AdminServer extends AsyncDisposable {
  readonly port: number
}

/** Rejects with EADDRINUSE where the port is taken. */
export async function startAdmin({ port, obstacles, metrics }: AdminOptions): Promise<AdminServer> {
  const server = createServer(
    { maxHeaderSize: 8_192, requestTimeout: 10_000, headersTimeout: 5_000 },
    (request, response) => {
      const path = request.url?.split('?', 1)[0]
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        answer(response, 405, 'text/plain', 'GET only\n')
      } else if (path === '/live') {
        answer(response, 200, 'text/plain', 'live\n')
      } else if (path === '/ready') {
        const missing = obstacles()
        if (missing.length === 0) answer(response, 200, 'text/plain', 'ready\n')
        else answer(response, 503, 'text/plain', `${missing.join('\n')}\n`)
      } else if (path === '/metrics') {
        metrics().then(
          ({ text, contentType }) => answer(response, 200, contentType, text),
          () => answer(response, 500, 'text/plain', 'the metrics could not be collected; see the log\n'),
        )
      } else {
        answer(response, 404, 'text/plain', 'There are /metrics, /ready and /live.\n')
      }
    },
  )
  server.maxConnections = 64
  server.on('clientError', (_error, socket) => socket.destroy())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: '127.0.0.1', port }, () => {
      server.off('error', reject)
      // Out of file descriptors and the like: that connection is lost, the next one may not be.
      server.on('error', () => {})
      resolve()
    })
  })
  return {
    port: addressOf(server.address()),
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function addressOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the admin port has no address')
  return address.port
}

function answer(response: ServerResponse, status: number, contentType: string, text: string): void {
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(text) })
  response.end(text)
}
