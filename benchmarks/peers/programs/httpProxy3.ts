// A proxy on http-proxy-3, in a process of its own: `node httpProxy3.ts SETTINGS.json`. It does what the other arms do,
// by hand where the library has no say: the route's header, the access rule by SPIFFE id, method and path, and counting.
// http-proxy-3 repeats nothing, and neither does this.
import { constants } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Agent, createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, Agent as TlsAgent } from 'node:https'
import { TLSSocket } from 'node:tls'
import { createProxyServer } from 'http-proxy-3'
import { ROUTE_HEADER, type Role, SERVER_NAME } from '../arms/arm.ts'
import type { Certificates } from '../certificates.ts'

export interface ProxySettings {
  role: Role
  /** Ports on loopback: its own, and that of what it forwards to. */
  listen: number
  to: number
  certificates: Certificates
}

const [settingsFile = ''] = process.argv.slice(2)
const { role, listen, to, certificates }: ProxySettings = JSON.parse(readFileSync(settingsFile, 'utf8'))
const pem = (path: string): string => readFileSync(path, 'utf8')

const kept = { keepAlive: true, maxFreeSockets: 512, scheduling: 'lifo' } as const
const proxy = createProxyServer({
  target: `${role === 'client' ? 'https' : 'http'}://127.0.0.1:${to}`,
  secure: true,
  agent:
    role === 'client'
      ? new TlsAgent({
          ...kept,
          cert: pem(certificates.client.chain),
          key: pem(certificates.client.key),
          ca: pem(certificates.root),
          servername: SERVER_NAME,
          minVersion: 'TLSv1.3',
          maxCachedSessions: 0,
        })
      : new Agent(kept),
})
proxy.on('error', (_error, _request, response) => {
  if ('headersSent' in response && !response.headersSent) response.writeHead(502)
  response.end()
})

const counts = new Map<string, { requests: number; failures: number; ms: number }>()

/** The SPIFFE id in a certificate's subject alternative names. */
const callerOf = (connection: TLSSocket): string | undefined =>
  /URI:([^,]+)/.exec(connection.getPeerCertificate().subjectaltname ?? '')?.[1]
const callers = new WeakMap<TLSSocket, string | undefined>()

function isAllowed({ method, socket }: IncomingMessage): boolean {
  if (method !== 'GET' && method !== 'POST') return false
  if (!(socket instanceof TLSSocket)) return true
  if (!callers.has(socket)) callers.set(socket, callerOf(socket))
  return callers.get(socket) === certificates.callerId
}

function handle(request: IncomingMessage, response: ServerResponse): void {
  const startedAt = performance.now()
  const isRouted = request.headers[ROUTE_HEADER.name] === ROUTE_HEADER.value
  if (!isRouted || (role !== 'client' && !isAllowed(request))) {
    response.writeHead(isRouted ? 403 : 404).end()
    return
  }
  response.once('close', () => {
    const key = `${request.method} ${response.statusCode}`
    const count = counts.get(key) ?? { requests: 0, failures: 0, ms: 0 }
    counts.set(key, count)
    count.requests++
    count.ms += performance.now() - startedAt
    if (response.statusCode >= 500) count.failures++
  })
  proxy.web(request, response)
}

const server =
  role === 'server'
    ? createTlsServer(
        {
          cert: pem(certificates.server.chain),
          key: pem(certificates.server.key),
          ca: pem(certificates.root),
          requestCert: true,
          rejectUnauthorized: true,
          minVersion: 'TLSv1.3',
          secureOptions: constants.SSL_OP_NO_TICKET,
        },
        handle,
      )
    : createServer(handle)
server.keepAliveTimeout = 3_600_000
server.listen(listen, '127.0.0.1')
process.on('SIGTERM', () => process.exit(0))
