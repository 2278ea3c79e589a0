// Opening connections: to the application and to hosts outside in clear, to other proxies over mutual TLS with the
// identity that is expected there. Each returns a connected socket with an error handler, or rejects with a DialError.
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { meshServerName } from '@heddle/shared/spiffe'
import type { IdentitySource, PeerIdentity, TlsMaterial } from '../interfaces.ts'
import { DialError } from './classifyError.ts'

/** A host on the way that does not answer within this is not there (Linkerd's default). */
const CONNECT_TIMEOUT_MS = 1_000
/** The handshake is work for two processors, not for the network: a busy host needs longer than a connect. */
const HANDSHAKE_TIMEOUT_MS = 4_000

export interface MeshTarget {
  /** The service that must be there. */
  service: string
  address: string
  port: number
}

export interface MeshSocket {
  socket: TLSSocket
  peer: PeerIdentity
  /** What the other side chose; an older proxy knows HTTP/1.1 only. */
  protocol: 'h2' | 'http/1.1'
}

export function dialTcp(address: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host: address, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 })
    const fail = (error: Error): void => {
      clearTimeout(timer)
      socket.destroy()
      reject(new DialError('HEDDLE_CONNECT', `no connection to ${address}:${port}: ${error.message}`, { cause: error }))
    }
    const timer = setTimeout(() => fail(new Error(`no answer within ${CONNECT_TIMEOUT_MS} ms`)), CONNECT_TIMEOUT_MS)
    socket.once('error', fail)
    socket.once('connect', () => {
      clearTimeout(timer)
      socket.off('error', fail)
      socket.on('error', () => {})
      resolve(socket)
    })
  })
}

/** The application beside us. Many development servers listen on "localhost", which is ::1 alone on some systems. */
export function dialApp(port: number): Promise<Socket> {
  return dialTcp('127.0.0.1', port).catch((error: unknown) => dialTcp('::1', port).catch(() => Promise.reject(error)))
}

export async function dialMesh(
  target: MeshTarget,
  material: TlsMaterial,
  identity: IdentitySource,
  protocols: readonly MeshSocket['protocol'][],
): Promise<MeshSocket> {
  const { socket, peer } = await dialPeer(target, material, identity, protocols)
  return { socket, peer, protocol: socket.alpnProtocol === 'h2' ? 'h2' : 'http/1.1' }
}

/** A connection to the proxy of `target.service`, whatever is spoken on it; `tcp` is what lies under its TLS. */
export async function dialPeer(
  target: MeshTarget,
  material: TlsMaterial,
  identity: IdentitySource,
  protocols: readonly string[],
): Promise<{ socket: TLSSocket; tcp: Socket; peer: PeerIdentity }> {
  const tcp = await dialTcp(target.address, target.port)
  return new Promise((resolve, reject) => {
    const socket = connectTls({
      socket: tcp,
      servername: meshServerName(target.service),
      key: material.key,
      cert: material.chain,
      ca: [...material.roots],
      minVersion: 'TLSv1.3',
      ALPNProtocols: [...protocols],
      rejectUnauthorized: true,
      // Names of hosts say nothing here: the SPIFFE id is checked below, before the socket is given to anybody.
      checkServerIdentity: () => undefined,
    })
    const fail = (error: Error): void => {
      clearTimeout(timer)
      socket.destroy()
      reject(new DialError('HEDDLE_TLS', `no mesh connection to ${target.service}: ${error.message}`, { cause: error }))
    }
    const timer = setTimeout(() => fail(new Error('the handshake took too long')), HANDSHAKE_TIMEOUT_MS)
    const closed = (): void => fail(new Error('the other side broke off the handshake'))
    socket.on('error', () => {})
    socket.once('error', fail)
    socket.once('close', closed)
    socket.once('secureConnect', () => {
      const peer = verifyServer(socket, target.service, identity)
      if (peer instanceof Error) {
        fail(peer)
        return
      }
      clearTimeout(timer)
      socket.off('error', fail)
      socket.off('close', closed)
      resolve({ socket, tcp, peer })
    })
  })
}

function verifyServer(socket: TLSSocket, expected: string, identity: IdentitySource): PeerIdentity | Error {
  if (!socket.authorized) return new Error(`the certificate is not valid: ${String(socket.authorizationError)}`)
  if (socket.isSessionReused()) return new Error('the session was resumed')
  const certificate = socket.getPeerX509Certificate()
  if (certificate === undefined) return new Error('the other side showed no certificate')
  const peer = identity.verifyPeer({ raw: certificate.raw })
  if ('refused' in peer) return new Error(peer.refused)
  if (peer.service !== expected) return new Error(`it is ${peer.spiffeId}, not the service ${expected}`)
  return peer
}
