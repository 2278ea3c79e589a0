// Plain HTTP on loopback: /metrics, /ready and /live.
import { createServer } from 'node:http'

export interface AdminServerOptions {
  port: number
  /** null: ready; else why not. */
  notReady: () => string | null
  metrics: () => Promise<string>
}

export interface AdminServer extends AsyncDisposable {
  readonly port: number
}

export async function startAdminServer({ port, notReady, metrics }: AdminServerOptions): Promise<AdminServer> {
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 5_000 }, (request, response) => {
    const answer = (status: number, text: string, type = 'text/plain; charset=utf-8') => {
      response.writeHead(status, { 'content-type': type })
      response.end(request.method === 'HEAD' ? undefined : text)
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') return answer(405, 'GET only\n')
    switch (request.url) {
      case '/live':
        return answer(200, 'live\n')
      case '/ready': {
        const reason = notReady()
        return answer(reason === null ? 200 : 503, `${reason ?? 'ready'}\n`)
      }
      case '/metrics':
        metrics().then(
          (text) => answer(200, text, 'text/plain; version=0.0.4; charset=utf-8'),
          () => answer(500, 'the metrics could not be collected\n'),
        )
        return
      default:
        return answer(404, 'there are /metrics, /ready and /live\n')
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the admin server has no port')
  return {
    port: address.port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}
