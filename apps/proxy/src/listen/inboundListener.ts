// The mesh port: TLS 1.3 with a client certificate, nothing resumed, and only for this service.
// Who the peer is, is asked of IdentitySource once for each connection; what it may call is path/'s decision.
import { constants } from 'node:crypto'
import { createServer, type Server, type TLSSocket, type TlsOptions } from 'node:tls'
import type { Clock } from '@heddle/shared/clock'
import type { MeshErrorCode } from '@heddle/shared/errors'
import { meshServerName } from '@heddle/shared/spiffe'
import { OPAQUE_ALPN } from '@heddle/shared/wire/opaque'
import type { IdentitySource, Log, Telemetry, TlsMaterial } from '../interfaces.ts'
import { CallerConnection } from './callerConnection.ts'
import { Connections } from './connections.ts'
import type { Handler, Origin } from './exchange.ts'
import { type Front, HEAD_MS, type Http2Front, MAX_CONNECTIONS, MESH_HEAD_LIMITS, SOCKETS } from './front.ts'
import { Http2Caller } from './http2Caller.ts'
import type { OpaqueArrival } from './opaqueArrival.ts'
import type { Refusal } from './refusal.ts'
import { closeServer, listenOn } from './socketServer.ts'
import { Underlying } from './underlying.ts'

const HANDSHAKE_TIMEOUT_MS = 5_000
/** A peer that was refused may read why, and no longer. */
const REFUSED_PEER_MS = 2_000
/** Peers under a root that was taken back have this long to come again. */
const REMOVED_ROOT_MS = 5_000
/** Finds peers that vanished without a word; the server itself never ends an idle connection. */
const KEEP_ALIVE_PROBE_MS = 30_000

export interface InboundParts {
  service: string
  identity: IdentitySource
  telemetry: Telemetry
  clock: Clock
  log: Log
  handle: Handler
  refused(origin: Origin, code: MeshErrorCode): void
  http2: Http2Front
  /** A connection that carries another program's bytes, and no requests. */
  opaque(arrival: OpaqueArrival): void
}

export interface Listener {
  readonly port: number
  readonly connections: Connections
  /** Takes no further connection. */
  stopAccepting(): void
  close(): Promise<void>
}

export async function startInboundListener(parts: InboundParts, address: string, port: number): Promise<Listener> {
  const { identity, clock } = parts
  const connections = new Connections(clock)
  let material = identity.current()
  const server: Server = createServer({
    ...SOCKETS,
    ...serverTls(material),
    requestCert: true,
    // Judged below: node:tls would drop a refused peer without a word, and its proxy could not tell that from a crash.
    rejectUnauthorized: false,
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_PROBE_MS,
  })

  server.maxConnections = MAX_CONNECTIONS

  const front: Front = {
    connections,
    clock,
    limits: MESH_HEAD_LIMITS,
    patience: { headMs: HEAD_MS, idleMs: 0, requestMs: 0 },
    handle: parts.handle,
    refused: parts.refused,
    connect: null,
    // Here it is negotiated.
    http2: null,
    admit: (origin, head) => {
      if (origin.kind === 'peer' && origin.servername !== meshServerName(parts.service))
        return { code: 'misdirected', detail: `this proxy serves ${parts.service}` }
      if (head.target.form === 'absolute')
        return { code: 'misdirected', detail: 'this port forwards to its own application only' }
      return head
    },
  }

  const underlying = new Underlying()
  server.on('connection', (socket) => {
    socket.on('error', () => {})
    underlying.add(socket)
    connections.opens()
  })
  // One of the two follows, also where the other side goes or says nothing within the handshake's time.
  server.on('tlsClientError', (error, socket) => {
    connections.opened()
    parts.telemetry.event('peer_refused', { reason: 'handshake', detail: error.message })
    socket.destroy()
  })
  server.on('secureConnection', (socket) => {
    socket.on('error', () => {})
    const origin = identify(socket, identity)
    if (socket.alpnProtocol === OPAQUE_ALPN) {
      connections.opened()
      parts.opaque({ socket, tcp: underlying.of(socket), origin })
      return
    }
    const connection = connections.add(socket, origin)
    if (socket.alpnProtocol === 'h2') new Http2Caller(connection, front, parts.http2)
    else new CallerConnection(connection, front)
    connections.opened()
    if ('code' in origin) {
      parts.telemetry.event('peer_refused', { reason: 'identity', detail: origin.detail })
      setTimeout(() => socket.destroy(), REFUSED_PEER_MS).unref()
    }
  })
  const renewed = identity.onChange((next) => {
    const removed = material.roots.some((root) => !next.roots.includes(root))
    material = next
    server.setSecureContext(serverTls(next))
    // Whoever is still under a root that holds comes again at once.
    if (removed) connections.replaceAll(REMOVED_ROOT_MS)
  })
  const revoked = identity.onRevoked((isRevoked) =>
    connections.destroyWhere(({ origin }) => 'kind' in origin && origin.kind === 'peer' && isRevoked(origin.peer)),
  )

  return {
    port: await listenOn(server, address, port),
    connections,
    stopAccepting: () => void server.close(),
    close: () => {
      renewed[Symbol.dispose]()
      revoked[Symbol.dispose]()
      return closeServer(server, connections)
    },
  }
}

function serverTls(material: TlsMaterial): TlsOptions {
  return {
    key: material.key,
    cert: material.chain,
    ca: [...material.roots],
    minVersion: 'TLSv1.3',
    // A resumed session would skip the expiry check of the client's certificate.
    secureOptions: constants.SSL_OP_NO_TICKET,
    // Proxies of before speak HTTP/1.1 only, and so do all of them where a request is to switch protocols.
    ALPNProtocols: ['h2', 'http/1.1', OPAQUE_ALPN],
  }
}

function identify(socket: TLSSocket, identity: IdentitySource): Origin | Refusal {
  const refused = (detail: string): Refusal => ({ code: 'tls_failed', detail })
  if (socket.isSessionReused()) return refused('TLS sessions are not resumed here')
  const certificate = socket.getPeerX509Certificate()
  if (certificate === undefined) return refused('a client certificate of the mesh is required')
  if (!socket.authorized) return refused(`the client certificate is not valid: ${String(socket.authorizationError)}`)
  const peer = identity.verifyPeer({ raw: certificate.raw })
  if ('refused' in peer) return refused(peer.refused)
  const { servername } = socket
  return {
    kind: 'peer',
    peer,
    servername: typeof servername === 'string' ? servername.toLowerCase() : '',
    address: socket.remoteAddress ?? '',
  }
}
