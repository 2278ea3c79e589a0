// A CONNECT on the outbound port. It is answered 200 before anything is decided, and refusals are given inside as HTTP
// answers, because clients do not show the body of a refused CONNECT; `Connection: close` on one means nothing.
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Clock } from '@heddle/shared/clock'
import { canonicalAuthority } from '../route/canonical.ts'
import type { Exchange } from './exchange.ts'
import { httpDate } from './httpDate.ts'
import { lastAnswer } from './refusal.ts'

/** A client that opened a tunnel and says nothing is let go after this. */
const FIRST_BYTES_TIMEOUT_MS = 10_000
const HTTP2_PREFACE = 'PRI * HTTP/2'
/** TLS alert (RFC 8446, 6): level fatal, description access_denied. */
const TLS_ACCESS_DENIED = Buffer.from([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x31])

export interface TunnelAuthority {
  host: string
  port: number | null
}

/** What a client said first. */
export type FirstWords = 'http' | 'http2' | 'tls' | 'other'

export interface Tunnel extends TunnelAuthority {
  /** The CONNECT as a request, for the record; its `refuse` answers in the words of whatever is inside. */
  readonly exchange: Exchange
  /** 200: the client goes on as if it had reached the host. */
  accept(): void
  /** What comes first inside; undefined where nothing did. The bytes stay to be read. */
  firstWords(): Promise<FirstWords | undefined>
  /** The inside is HTTP, of either version, and takes the path of every request. */
  serveHttp(): void
  /** The bytes inside, for an opaque tunnel. */
  stream(): Duplex
}

export interface TunnelParts {
  socket: Socket
  authority: string
  /** Bytes that came behind the head of the CONNECT. */
  early: Buffer
  clock: Clock
  handle(tunnel: Tunnel): void
  serveHttp(inside: TunnelAuthority): void
}

export function openTunnel({ socket, authority, early, clock, handle, serveHttp }: TunnelParts): void {
  const date = (): string => httpDate(clock.now())
  const parsed = canonicalAuthority(authority)
  if (parsed.malformed !== null) {
    end(socket, lastAnswer({ code: 'malformed', detail: parsed.malformed }, 'CONNECT', date()))
    return
  }
  if (early.length > 0) socket.unshift(early)
  const { host, port } = parsed
  let isAccepted = false
  let isTaken = false
  let words: FirstWords | undefined
  const hear = async (): Promise<FirstWords | undefined> => {
    words ??= await firstWords(socket)
    return words
  }
  const refuse = async (bytes: Buffer): Promise<void> => {
    const inside = isAccepted ? await hear() : 'http'
    if (inside === 'tls') end(socket, TLS_ACCESS_DENIED)
    else if (inside === 'other') socket.destroy()
    else if (inside !== undefined) end(socket, bytes)
  }
  const exchange: Exchange = {
    head: {
      method: 'CONNECT',
      target: { malformed: null, form: 'absolute', authority: host, port, path: '/', query: '', pathAndQuery: '/' },
      headers: [],
      contentLength: null,
      upgrade: null,
    },
    origin: { kind: 'app' },
    receivedAtMs: clock.monotonic(),
    body: null,
    get hasAnswered() {
      return isTaken
    },
    onGone: (listener) => {
      socket.once('close', () => {
        if (!isTaken) listener()
      })
    },
    invite: () => {},
    inform: () => {},
    answer: () => {
      throw new Error('a tunnel has no answer of its own')
    },
    refuse: (code, detail) => {
      isTaken = true
      refuse(lastAnswer({ code, detail }, 'CONNECT', date())).catch(() => socket.destroy())
    },
    switchProtocols: () => socket,
    abort: () => void socket.destroy(),
  }
  handle({
    host,
    port,
    exchange,
    accept: () => {
      isAccepted = true
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    },
    firstWords: hear,
    serveHttp: () => {
      isTaken = true
      serveHttp({ host, port })
    },
    stream: () => {
      isTaken = true
      return socket
    },
  })
}

function end(socket: Socket, bytes: Buffer): void {
  // What the client still sends is read and dropped: a reset would take the refusal with it.
  socket.resume()
  socket.end(bytes)
  setTimeout(() => socket.destroy(), 1_000).unref()
}

function firstWords(socket: Socket): Promise<FirstWords | undefined> {
  return new Promise((resolve) => {
    let seen: Buffer = Buffer.alloc(0)
    const finish = (words: FirstWords | undefined): void => {
      clearTimeout(timer)
      socket.off('readable', look).off('close', gone).off('end', gone)
      if (words === undefined) socket.destroy()
      else socket.unshift(seen)
      resolve(words)
    }
    const look = (): void => {
      const chunk: unknown = socket.read()
      if (!Buffer.isBuffer(chunk)) return
      seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk])
      const words = detect(seen)
      if (words !== undefined) finish(words)
    }
    const gone = (): void => finish(undefined)
    const timer = setTimeout(gone, FIRST_BYTES_TIMEOUT_MS)
    socket.on('readable', look).on('close', gone).on('end', gone)
    look()
  })
}

/** undefined: more bytes are needed. */
export function detect(bytes: Buffer): FirstWords | undefined {
  const text = bytes.subarray(0, HTTP2_PREFACE.length).toString('latin1')
  if (bytes[0] === 0x16) return 'tls'
  if (!/^[A-Za-z]/.test(text)) return 'other'
  if (text === HTTP2_PREFACE) return 'http2'
  if (HTTP2_PREFACE.startsWith(text)) return undefined
  return 'http'
}
