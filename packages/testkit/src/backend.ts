// Small real servers to stand behind a proxy.
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createTcpServer, type Server, type Socket } from 'node:net'

export interface Backend extends AsyncDisposable {
  port: number
  /** Heads of the requests received, in order. */
  requests: { method: string; url: string; headers: IncomingMessage['headers']; rawHeaders: string[] }[]
  /** Connections accepted so far. */
  connections: number
}

const listenOnLoopback = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      if (address === null || typeof address === 'string') reject(new Error('no port'))
      else resolve(address.port)
    })
  })

/** An HTTP/1.1 server on a loopback port; by default it answers 200 with `{"method","url","body"}` as JSON. */
export async function startBackend(listener: RequestListener = echo): Promise<Backend> {
  const backend: Backend = {
    port: 0,
    requests: [],
    connections: 0,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  const server = createServer((request, response) => {
    backend.requests.push({
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      rawHeaders: request.rawHeaders,
    })
    listener(request, response)
  })
  server.on('connection', () => backend.connections++)
  backend.port = await listenOnLoopback(server)
  return backend
}

function echo(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify({ method: request.method, url: request.url, body: Buffer.concat(chunks).toString('utf8') }),
    )
  })
}

/** A TCP server that hands every connection to `handle`: for answers that no HTTP library would give. */
export async function startRawBackend(handle: (socket: Socket) => void): Promise<{ port: number } & AsyncDisposable> {
  const sockets = new Set<Socket>()
  const server = createTcpServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    handle(socket)
  })
  const port = await listenOnLoopback(server)
  return {
    port,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

/** A loopback port on which nothing listens (it was free a moment ago). */
export async function unreachablePort(): Promise<number> {
  const { port, ...server } = await startRawBackend(() => {})
  await server[Symbol.asyncDispose]()
  return port
}
