// The mesh connection of one opaque TCP connection: dialled for it alone, and ours once the other proxy has taken it.
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { decodeOpaqueAnswer, OPAQUE_ALPN, type OpaqueAnswer } from '@heddle/shared/wire/opaque'
import type { IdentitySource, PeerIdentity } from '../interfaces.ts'
import { classifyError, DialError } from './classifyError.ts'
import { dialPeer, type MeshTarget } from './dial.ts'
import type { Failure } from './upstream.ts'

/** The other proxy connects to its application meanwhile, for which it has a second for each of two addresses. */
const ANSWER_TIMEOUT_MS = 4_000

/** One side of an opaque connection. */
export interface OpaqueSide {
  readonly stream: Socket | TLSSocket
  /** Breaks it off so that the other end knows that this is not the end of what was said: by a reset. */
  reset(): void
}

export interface OpaqueMesh extends OpaqueSide {
  readonly kind: 'answered'
  /** null: what this build does not know; no acceptance. */
  readonly answer: OpaqueAnswer | null
  readonly peer: PeerIdentity
}

/** Never rejects. Nothing of the application was sent yet, whatever it gives. */
export async function dialOpaque(target: MeshTarget, identity: IdentitySource): Promise<OpaqueMesh | Failure> {
  try {
    const { socket, tcp, peer } = await dialPeer(target, identity.current(), identity, [OPAQUE_ALPN])
    const side = meshSide(socket, tcp)
    try {
      const answer = decodeOpaqueAnswer(await firstOctet(socket)) ?? null
      return { kind: 'answered', answer, peer, ...side }
    } catch (error) {
      side.reset()
      throw error
    }
  } catch (error) {
    const known = error instanceof Error ? error : new Error(String(error))
    const progress = { isConnected: false, isReused: false, hasSentBytes: false, hasAnswerBytes: false }
    return classifyError(known, progress, 'mesh')
  }
}

/** A connection in clear: the application that calls, or the one that is called. */
export function appSide(stream: Socket): OpaqueSide {
  return { stream, reset: () => void stream.resetAndDestroy() }
}

/** TLS over `tcp`. Only a reset of that is told from an end: node:tls takes a connection that closed for one that ended. */
export function meshSide(stream: TLSSocket, tcp: Socket): OpaqueSide {
  return {
    stream,
    reset: () => {
      tcp.resetAndDestroy()
      stream.destroy()
    },
  }
}

/** What comes behind it stays where it is. */
function firstOctet(socket: TLSSocket): Promise<number> {
  return new Promise((resolve, reject) => {
    const finish = (act: () => void): void => {
      clearTimeout(timer)
      socket.off('readable', read).off('end', ended).off('close', ended).off('error', fail)
      act()
    }
    const fail = (error: Error): void =>
      finish(() => reject(new DialError('HEDDLE_CONNECT', `no answer to a TCP connection: ${error.message}`)))
    const ended = (): void => fail(new Error('the other proxy closed it'))
    const read = (): void => {
      const octets: Buffer | null = socket.read(1)
      const octet = octets?.[0]
      if (octet !== undefined) finish(() => resolve(octet))
    }
    const timer = setTimeout(() => fail(new Error(`none within ${ANSWER_TIMEOUT_MS} ms`)), ANSWER_TIMEOUT_MS)
    socket.on('readable', read).on('end', ended).on('close', ended).on('error', fail)
  })
}
