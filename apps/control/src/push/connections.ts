// All proxies connected to this control plane: their sockets, and what is done to all of them now and then.
import type { Clock } from '@heddle/shared/clock'
import { CLOSE_PROTOCOL, CLOSE_REVOKED, type DownMessage } from '@heddle/shared/wire/messages'
import type { WebSocket } from 'ws'
import { CLOSE_GOING_AWAY, MessageSocket } from '../listen/messageSocket.ts'
import { errorText, type Log } from '../log.ts'
import type { Revocations } from '../registry/revocations.ts'
import { ProxyConnection, type ProxyPeer, type ProxyServices } from './proxyConnection.ts'

const SWEEP_MS = 2_000
/** A proxy says hello, or asks for its renewal, at once. */
const HELLO_MS = 15_000
/** Applying a message takes milliseconds; after this the proxy starts anew with a snapshot. */
const ANSWER_MS = 30_000

export interface ConnectionsOptions {
  services: ProxyServices
  clock: Clock
  log: Log
  /** What may wait to be sent to one proxy. */
  bufferCapBytes?: number
  onCutOff: () => void
}

interface Connected {
  connection: ProxyConnection
  socket: MessageSocket
  /** Monotonic milliseconds. */
  openedAt: number
}

export class Connections {
  readonly #options: ConnectionsOptions
  readonly #connected = new Set<Connected>()
  readonly #timer: NodeJS.Timeout

  constructor(options: ConnectionsOptions) {
    this.#options = options
    this.#timer = setInterval(() => this.sweep(), SWEEP_MS)
  }

  get size(): number {
    return this.#connected.size
  }

  open(webSocket: WebSocket, peer: ProxyPeer): void {
    const { services, clock, log, bufferCapBytes, onCutOff } = this.#options
    const { instance } = peer.name
    const socket: MessageSocket = new MessageSocket(webSocket, {
      clock,
      ...(bufferCapBytes === undefined ? {} : { bufferCapBytes }),
      onText: (text) => {
        connection.received(text).catch((error: unknown) => {
          log('error', 'a message of a proxy could not be handled', { instance, reason: errorText(error) })
          connection.close(CLOSE_PROTOCOL, 'the message could not be handled')
        })
      },
      onClose: (cutOff) => {
        this.#connected.delete(connected)
        connection.closed()
        if (cutOff === null) return
        log('info', 'ended the connection of a proxy', { instance, reason: cutOff })
        onCutOff()
      },
    })
    const connection = new ProxyConnection(peer, socket, services)
    const connected = { connection, socket, openedAt: clock.monotonic() }
    this.#connected.add(connected)
  }

  broadcast(message: DownMessage): void {
    for (const { connection } of this.#connected) if (connection.session !== null) connection.send(message)
  }

  /** Identities were revoked: their connections end, the others are told. */
  revoked(revocations: Revocations): void {
    for (const { connection } of this.#connected)
      if (revocations.has(connection.peer.name)) connection.close(CLOSE_REVOKED, 'this identity is revoked')
    this.broadcast({
      type: 'revoked',
      identities: [...revocations.services],
      instances: [...revocations.instances],
    })
  }

  /** Ends an instance's connection for a reason that lies with it. */
  refuse(instance: string, reason: string): void {
    for (const { connection } of this.#connected)
      if (connection.peer.name.instance === instance) connection.close(CLOSE_PROTOCOL, reason)
  }

  /** What has to end by time. */
  sweep(): void {
    const { clock } = this.#options
    const now = clock.monotonic()
    for (const { connection, socket, openedAt } of this.#connected) {
      const { session, peer } = connection
      if (session === null) {
        if (now - openedAt > HELLO_MS) socket.cutOff('it said nothing')
      } else if (clock.now() >= peer.notAfter)
        socket.close(CLOSE_PROTOCOL, 'the certificate of this connection expired')
      else if (session.sent !== null && now - session.sent.at > ANSWER_MS) socket.cutOff('it did not answer a message')
    }
  }

  /** The process ends: proxies go to another control plane, or come back. */
  close(): void {
    clearInterval(this.#timer)
    for (const { socket } of this.#connected) socket.close(CLOSE_GOING_AWAY, 'the control plane is shutting down')
  }
}
