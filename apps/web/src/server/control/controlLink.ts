// One stream from one control plane: dialled again with full jitter whenever it breaks, silent ones taken for dead.
// What the messages mean is controlStream's matter.
import { type ConnectionOptions, connect } from 'node:tls'
import { controlAddress, controlTls } from '@heddle/proxy/identity/controlPeer'
import { type ConsoleMessage, type ConsoleUpMessage, consoleMessageSchema } from '@heddle/shared/wire/console'
import { WebSocket } from 'ws'
import { errorText, type Log } from '../log.ts'
import type { ConsoleIdentity } from './consoleIdentity.ts'

/** A control plane sends at least that often, pongs included. */
const PING_MS = 5_000
const SILENCE_MS = 15_000
const BACKOFF_MIN_MS = 250
/** Consoles are few, and without a stream each of them shows old numbers: a try costs less than a second more of those. */
const BACKOFF_MAX_MS = 1_000
/** The first message holds 15 minutes of the whole mesh. */
const LARGEST_MESSAGE_BYTES = 256 * 1024 * 1024

export interface LinkHandlers {
  onMessage(link: ControlLink, message: ConsoleMessage): void
  /** After a stream ended, or a try failed. */
  onDown(link: ControlLink, reason: string): void
}

export class ControlLink implements Disposable {
  readonly url: string
  /** Of the control plane at the other end; null until it has said. Set by controlStream. */
  controlId: string | null = null
  readonly #identity: () => ConsoleIdentity | undefined
  readonly #handlers: LinkHandlers
  readonly #log: Log
  readonly #random: () => number
  #socket: WebSocket | null = null
  #retry: NodeJS.Timeout | null = null
  #alive: NodeJS.Timeout | null = null
  #failures = 0
  #ended = false

  constructor(
    url: string,
    identity: () => ConsoleIdentity | undefined,
    handlers: LinkHandlers,
    log: Log,
    random: () => number,
  ) {
    this.url = url
    this.#identity = identity
    this.#handlers = handlers
    this.#log = log
    this.#random = random
  }

  get isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN
  }

  /** Dials unless it does, has or is about to. Without an identity nothing happens until somebody asks again. */
  dial(): void {
    if (this.#ended || this.#socket !== null || this.#retry !== null) return
    const identity = this.#identity()
    if (identity === undefined) return
    const { host, port } = controlAddress(this.url)
    const options: ConnectionOptions = {
      host,
      port,
      ...controlTls(host, identity.roots, identity.trustDomain),
      cert: identity.chain,
      key: identity.key,
    }
    const socket = new WebSocket(`${this.url.replace(/^https/, 'wss').replace(/\/$/, '')}/v1/console`, {
      createConnection: () => connect(options),
      handshakeTimeout: 10_000,
      maxPayload: LARGEST_MESSAGE_BYTES,
      perMessageDeflate: false,
    })
    this.#socket = socket
    let heardAt = performance.now()
    let reason = 'the connection was closed'
    const heard = () => {
      heardAt = performance.now()
    }
    socket.on('open', () => {
      heard()
      this.#alive = setInterval(() => {
        if (performance.now() - heardAt > SILENCE_MS) {
          reason = 'it has been silent for 15 s'
          socket.terminate()
        } else socket.ping()
      }, PING_MS)
      this.#alive.unref()
    })
    socket.on('pong', heard)
    socket.on('ping', heard)
    socket.on('message', (data) => {
      heard()
      const message = consoleMessageSchema.safeParse(parseJson(String(data)))
      if (message.success) {
        if (message.data.type === 'state') this.#failures = 0
        this.#handlers.onMessage(this, message.data)
        return
      }
      reason = 'it sent a message that is not of this protocol; are both of the same version?'
      this.#log('error', 'a control plane sent what the console does not understand', {
        control: this.url,
        issue: message.error.issues[0]?.message,
        path: message.error.issues[0]?.path.join('.'),
      })
      socket.close(4000)
    })
    socket.on('error', (error) => {
      reason = errorText(error)
    })
    socket.on('close', (code, text) => {
      if (text.length > 0) reason = `${text.toString()} (${code})`
      this.#down(reason)
    })
  }

  send(message: ConsoleUpMessage): void {
    if (this.isOpen) this.#socket?.send(JSON.stringify(message))
  }

  /** Ends the stream and leaves it so until `dial` is called. */
  hangUp(): void {
    if (this.#retry !== null) clearTimeout(this.#retry)
    this.#retry = null
    const socket = this.#socket
    this.#socket = null
    if (this.#alive !== null) clearInterval(this.#alive)
    this.#alive = null
    if (socket === null) return
    socket.removeAllListeners()
    // A socket that is still connecting reports its end as an error.
    socket.on('error', () => {})
    socket.terminate()
  }

  [Symbol.dispose](): void {
    this.#ended = true
    this.hangUp()
  }

  #down(reason: string): void {
    this.hangUp()
    if (this.#ended) return
    this.#retry = setTimeout(
      () => {
        this.#retry = null
        this.dial()
      },
      redialDelayMs(this.#failures++, this.#random()),
    )
    this.#retry.unref()
    this.#handlers.onDown(this, reason)
  }
}

/** Milliseconds until the next try after `failures` of them, with full jitter: `random` is from 0 to 1. */
export const redialDelayMs = (failures: number, random: number): number =>
  Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS * 2 ** failures) * random

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
