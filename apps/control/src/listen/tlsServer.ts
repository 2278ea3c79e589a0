// The one TLS port: HTTP for joining, WebSockets for proxies and the console. TLS 1.3 only, no resumption (a resumed
// session would skip the check of the client's certificate), certificates asked for but judged by ourselves, since an
// expired one may still renew itself.
import { constants } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { SecureContextOptions } from 'node:tls'

const HANDSHAKE_TIMEOUT_MS = 10_000
const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 20_000
const MAX_HEADER_BYTES = 8 * 1024
/** More than 2,000 proxies reconnecting at once, less than what exhausts file descriptors unseen. */
const MAX_CONNECTIONS = 20_000

export interface ServerCertificate {
  /** PEM. */
  key: string
  chain: string
  /** PEM of the roots, named to clients that choose among certificates. */
  roots: readonly string[]
}

export interface TlsListener extends AsyncDisposable {
  readonly port: number
  renew(certificate: ServerCertificate): void
  /** Stops accepting; connections that are open go on. */
  stop(): void
}

export interface TlsListenerOptions {
  address: string
  /** 0: a free one. */
  port: number
  certificate: ServerCertificate
  onRequest: (request: IncomingMessage, response: ServerResponse) => void
  onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
}

const contextOf = (certificate: ServerCertificate): SecureContextOptions => ({
  key: certificate.key,
  cert: certificate.chain,
  ca: [...certificate.roots],
  minVersion: 'TLSv1.3',
  maxVersion: 'TLSv1.3',
  secureOptions: constants.SSL_OP_NO_TICKET,
})

/** Rejects with the system's error (EADDRINUSE, EACCES) where the port cannot be had. */
export async function listenTls(options: TlsListenerOptions): Promise<TlsListener> {
  const server = createServer(
    {
      ...contextOf(options.certificate),
      requestCert: true,
      rejectUnauthorized: false,
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: 2_000,
      maxHeaderSize: MAX_HEADER_BYTES,
      keepAlive: true,
      noDelay: true,
    },
    options.onRequest,
  )
  server.maxConnections = MAX_CONNECTIONS
  server.on('upgrade', options.onUpgrade)
  // A client that breaks off in its handshake or sends no HTTP is its own affair.
  server.on('tlsClientError', () => {})
  server.on('clientError', (_error, socket) => socket.destroy())
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  })
  const port = await listen(server, options.address, options.port)
  return {
    port,
    renew: (certificate) => server.setSecureContext(contextOf(certificate)),
    stop: () => {
      server.close()
    },
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function listen(server: Server, address: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, address, () => {
      server.off('error', reject)
      server.on('error', () => {})
      const bound = server.address()
      if (isAddressInfo(bound)) resolve(bound.port)
      else reject(new Error('the server has no port'))
    })
  })
}

const isAddressInfo = (address: string | AddressInfo | null): address is AddressInfo =>
  address !== null && typeof address === 'object'
