// One WebSocket to one control plane, over mTLS with our certificate and the other end's identity verified. It tells
// when it is open, what came and when it ended; who is dialled next is the client's business.
import { connect, type TLSSocket } from 'node:tls'
import { refusalSchema } from '@heddle/shared/wire/join'
import { CLOSE_REVOKED, MAX_FRAME_BYTES } from '@heddle/shared/wire/messages'
import { WebSocket } from 'ws'
import { CONTROL_CONNECT_TIMEOUT_MS, controlAddress, controlTls, isUntrusted } from '../identity/controlPeer.ts'
import type { TlsMaterial } from '../interfaces.ts'
import { messageOf } from '../lifecycle/startError.ts'

/** A half-open connection is noticed within PING_MS + SILENCE_MS = 15 s. */
const PING_MS = 5_000
const SILENCE_MS = 10_000

export interface LinkOptions {
  /** Base URL, https. */
  url: string
  material: TlsMaterial
  /** Milliseconds that never go back. */
  monotonic: () => number
  /** `localAddress`: ours on this connection, by which others on the network may reach us. */
  onOpen: (localAddress: string) => void
  onText: (text: string) => void
  /** Once, also where it never opened. `code` is the WebSocket close code, or 1006. */
  onClosed: (reason: string, code: number) => void
}

export interface Link {
  /** False where the link is not open; the message is gone then. */
  send(text: string): boolean
  /** Bytes handed over and not yet taken by the network. */
  readonly bufferedBytes: number
  /** `code`: a WebSocket close code. */
  close(code: number, reason: string): void
  /** Without ceremony. */
  terminate(): void
}

export function openLink({ url, material, monotonic, onOpen, onText, onClosed }: LinkOptions): Link {
  const { host, port } = controlAddress(url)
  let tls: TLSSocket | undefined
  let failure: string | undefined
  let lastHeard = monotonic()
  let pinging: NodeJS.Timeout | undefined
  const socket = new WebSocket(`${url.replace(/^https:/, 'wss:')}/v1/proxy`, {
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
    handshakeTimeout: CONTROL_CONNECT_TIMEOUT_MS,
    followRedirects: false,
    createConnection: () => {
      tls = connect({
        host,
        port,
        key: material.key,
        cert: material.chain,
        ...controlTls(host, material.roots, material.trustDomain),
      })
      return tls
    },
  })
  const heard = () => {
    lastHeard = monotonic()
  }
  socket.on('open', () => {
    heard()
    pinging = setInterval(() => {
      if (monotonic() - lastHeard > SILENCE_MS) {
        failure = 'nothing was heard for 10 s'
        socket.terminate()
      } else {
        socket.ping()
      }
    }, PING_MS)
    onOpen(plainAddress(tls?.localAddress ?? ''))
  })
  socket.on('message', (data, isBinary) => {
    heard()
    if (isBinary) socket.close(1003, 'text frames only')
    else onText(data.toString())
  })
  socket.on('pong', heard)
  socket.on('ping', heard)
  let refusedAs: string | undefined
  socket.on('unexpected-response', (request, response) => {
    const chunks: Buffer[] = []
    response.on('data', (chunk: Buffer) => chunks.length < 16 && chunks.push(chunk))
    response.on('close', () => {
      const refusal = refusalOf(Buffer.concat(chunks))
      failure = refusal?.message ?? `it answered ${response.statusCode}`
      refusedAs = refusal?.error
      request.destroy(new Error(failure))
    })
  })
  socket.on('error', (error) => {
    failure ??= describe(error)
  })
  socket.on('close', (code, reason) => {
    clearInterval(pinging)
    onClosed(failure ?? (reason.toString() || `closed with ${code}`), refusedAs === 'revoked' ? CLOSE_REVOKED : code)
  })
  return {
    send(text) {
      if (socket.readyState !== WebSocket.OPEN) return false
      socket.send(text)
      return true
    },
    get bufferedBytes() {
      return socket.bufferedAmount
    },
    close: (code, reason) => socket.close(code, reason),
    terminate: () => socket.terminate(),
  }
}

function describe(error: Error): string {
  return isUntrusted(error)
    ? `${error.message}: not a control plane of the mesh that this instance joined`
    : messageOf(error)
}

function refusalOf(body: Buffer): { error: string; message: string } | undefined {
  try {
    return refusalSchema.parse(JSON.parse(body.toString()))
  } catch {
    return undefined
  }
}

/** An IPv4 address in an IPv6 socket is written `::ffff:10.0.0.7`; others know it as 10.0.0.7. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/, '')
}
