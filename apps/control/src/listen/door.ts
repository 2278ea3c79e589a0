// Which request on the TLS port is whose: two POSTs for joining, two WebSockets. Who may
// pass is decided here, on the client's certificate; what is said afterwards is the conversations' business.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import type { Clock } from '@heddle/shared/clock'
import { MAX_FRAME_BYTES } from '@heddle/shared/wire/messages'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Authority } from '../ca/authority.ts'
import { type Peer, verifyPeer } from '../ca/peer.ts'
import { EXPIRED_MAY_RENEW_MS } from '../ca/renewal.ts'
import { errorText, type Log } from '../log.ts'
import type { Revocations } from '../registry/revocations.ts'
import { answerJson, answerRefusal, Refusal, readJson } from './answer.ts'

export interface DoorOptions {
  authority: Authority
  clock: Clock
  log: Log
  revocations: () => Revocations
  join: (body: unknown, remote: string) => Promise<unknown>
  joinConsole: (body: unknown, remote: string) => Promise<unknown>
  /** The console came with an expired certificate: it needs a new secret. */
  onConsoleExpired: () => void
  onProxy: (socket: WebSocket, peer: Peer & { name: { kind: 'instance' } }, remote: string) => void
  onConsole: (socket: WebSocket, peer: Peer, remote: string) => void
  onRefused: (reason: string) => void
}

export interface Door {
  onRequest: (request: IncomingMessage, response: ServerResponse) => void
  onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
}

export function createDoor(options: DoorOptions): Door {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false })

  /** The client's identity; a Refusal where it has none that is good for `kind`. */
  const identify = (request: IncomingMessage, kind: 'instance' | 'console'): Peer => {
    const { socket } = request
    const der = socket instanceof TLSSocket ? socket.getPeerX509Certificate()?.raw : undefined
    if (der === undefined)
      throw new Refusal(401, 'certificate_required', 'A client certificate of the mesh is required.')
    const now = options.clock.now()
    const peer = verifyPeer(der, options.authority.issuers(), options.authority.trustDomain, now)
    if ('refused' in peer) throw new Refusal(401, 'certificate_refused', `Refused: ${peer.refused}.`)
    if (now >= peer.notAfter + EXPIRED_MAY_RENEW_MS)
      throw new Refusal(401, 'certificate_expired', 'The client certificate expired too long ago; join again.')
    if (peer.name.kind !== kind)
      throw new Refusal(403, 'wrong_identity', `This is for ${kind === 'console' ? 'the console' : 'proxies'} only.`)
    if (peer.name.kind === 'instance' && options.revocations().has(peer.name))
      throw new Refusal(403, 'revoked', 'This identity is revoked.')
    return peer
  }

  const route = async (request: IncomingMessage): Promise<unknown> => {
    const remote = remoteOf(request)
    if (request.method !== 'POST') throw new Refusal(404, 'not_found', 'There is nothing here.')
    switch (request.url) {
      case '/v1/join':
        return options.join(await readJson(request), remote)
      case '/v1/console/join':
        return options.joinConsole(await readJson(request), remote)
      default:
        throw new Refusal(404, 'not_found', 'There is nothing here.')
    }
  }

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const remote = remoteOf(request)
    const kind = request.url === '/v1/proxy' ? 'instance' : request.url === '/v1/console' ? 'console' : undefined
    if (kind === undefined) throw new Refusal(404, 'not_found', 'There is nothing here.')
    const peer = identify(request, kind)
    if (kind === 'console' && options.clock.now() >= peer.notAfter) {
      options.onConsoleExpired()
      throw new Refusal(401, 'certificate_expired', 'The client certificate has expired; enrol with the new secret.')
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      if (kind === 'console') options.onConsole(webSocket, peer, remote)
      else if (isInstance(peer)) options.onProxy(webSocket, peer, remote)
    })
  }

  return {
    onRequest(request, response) {
      route(request).then(
        (body) => answerJson(response, 200, body),
        (error: unknown) => {
          if (response.headersSent || response.destroyed) return
          answerRefusal(response, asRefusal(error, options.log))
        },
      )
    },
    onUpgrade(request, socket, head) {
      try {
        upgrade(request, socket, head)
      } catch (error) {
        const refusal = asRefusal(error, options.log)
        options.onRefused(refusal.code)
        refuseUpgrade(socket, refusal)
      }
    },
  }
}

const isInstance = (peer: Peer): peer is Peer & { name: { kind: 'instance' } } => peer.name.kind === 'instance'

function asRefusal(error: unknown, log: Log): Refusal {
  if (error instanceof Refusal) return error
  log('error', 'a request could not be served', { reason: errorText(error) })
  return new Refusal(500, 'internal', 'The control plane could not do that; its log says why.')
}

/** An IPv4 address in an IPv6 socket is written `::ffff:10.0.0.7`. */
const remoteOf = (request: IncomingMessage): string => (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '')

function refuseUpgrade(socket: Duplex, refusal: Refusal): void {
  const body = JSON.stringify({ error: refusal.code, message: refusal.message })
  socket.on('error', () => {})
  socket.end(
    `HTTP/1.1 ${refusal.status} Refused\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
}
