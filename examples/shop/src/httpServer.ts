// What each service of the shop stands on: JSON over plain HTTP on loopback, and an end that lets requests finish.
import { createServer, type IncomingMessage, type Server } from 'node:http'

/** Larger bodies have no place in this shop. */
const MAX_BODY_BYTES = 64 * 1024

export interface Call {
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingMessage['headers']
  /** The parsed JSON body; undefined where there was none. */
  body: unknown
}

export interface Reply {
  status?: number
  body: unknown
}

/** Answered with its status instead of 500. */
export class HttpError extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Listens on 127.0.0.1:PORT and ends, by itself, after SIGTERM or SIGINT. */
export function serve(name: string, handle: (call: Call) => Reply | Promise<Reply>): Server {
  const port = Number(process.env.PORT ?? 0)
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://shop')
    let reply: Reply
    try {
      const body = await readJson(request)
      reply = await handle({
        method: request.method ?? 'GET',
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body,
      })
    } catch (error) {
      const status = error instanceof HttpError ? error.status : 500
      reply = { status, body: { error: error instanceof Error ? error.message : String(error) } }
    }
    response.writeHead(reply.status ?? 200, { 'content-type': 'application/json' })
    response.end(`${JSON.stringify(reply.body)}\n`)
  })
  // Longer than a caller's pool keeps a connection, so that it is never we who end an idle one under a request.
  server.keepAliveTimeout = 120_000
  server.on('error', (error) => {
    process.stderr.write(`${name}: ${error.message}\n`)
    process.exit(1)
  })
  server.listen(port, '127.0.0.1', () => {
    const address = server.address()
    process.stdout.write(`${name} listens on ${typeof address === 'object' ? address?.port : port}\n`)
  })
  const end = (): void => {
    server.close(() => process.exit(0))
    server.closeIdleConnections()
    setTimeout(() => process.exit(0), 5_000).unref()
  }
  process.once('SIGTERM', end).once('SIGINT', end)
  return server
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes > MAX_BODY_BYTES) throw new HttpError(413, 'the body is too large')
    chunks.push(chunk)
  }
  if (bytes === 0) return undefined
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    throw new HttpError(400, 'the body is not JSON')
  }
}
