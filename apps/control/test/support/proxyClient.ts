// A proxy's end of the WebSocket, over mutual TLS, that applies what it is sent as the protocol demands.
import { once } from 'node:events'
import { connect, type TLSSocket } from 'node:tls'
import {
  type DestinationDocument,
  documentName,
  type EndpointsDocument,
  type WireDocument,
} from '@heddle/shared/wire/config'
import { type DownMessage, downMessageSchema, type Hello, type UpMessage } from '@heddle/shared/wire/messages'
import type { MetricsPayload } from '@heddle/shared/wire/metrics'
import { eventually } from '@heddle/testkit/eventually'
import { WebSocket } from 'ws'
import type { Credentials } from './joinClient.ts'

type Certificate = Pick<Credentials, 'key' | 'chain' | 'roots'>

export function openSocket(port: number, path: string, credentials: Certificate | null): WebSocket {
  return new WebSocket(`wss://localhost:${port}${path}`, {
    perMessageDeflate: false,
    createConnection: () =>
      connect({
        host: '127.0.0.1',
        port,
        servername: 'localhost',
        minVersion: 'TLSv1.3',
        ...(credentials === null
          ? { rejectUnauthorized: false }
          : { key: credentials.key, cert: credentials.chain, ca: [...credentials.roots] }),
      }),
  })
}

/** The status with which an upgrade was refused; 101 where it was not. */
export async function upgradeStatus(port: number, path: string, credentials: Certificate | null): Promise<number> {
  const socket = openSocket(port, path, credentials)
  socket.on('error', () => {})
  return new Promise((resolve, reject) => {
    socket.on('open', () => {
      resolve(101)
      socket.terminate()
    })
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0)
      socket.terminate()
    })
    socket.on('error', reject)
  })
}

export interface ProxyClientOptions {
  wants?: string[]
  held?: { epoch: number; revision: number } | null
  hostId?: string
  inbound?: Hello['inbound']
  ready?: boolean
  /** false: answers only when told to. */
  acknowledges?: boolean
}

export class ProxyClient implements AsyncDisposable {
  readonly held = new Map<string, WireDocument>()
  readonly messages: DownMessage[] = []
  readonly socket: WebSocket
  position: { epoch: number; revision: number } | null = null
  closed: { code: number; reason: string } | null = null
  acknowledges: boolean
  refusal: string | null = null

  private constructor(socket: WebSocket, acknowledges: boolean) {
    this.socket = socket
    this.acknowledges = acknowledges
    socket.on('message', (data: Buffer) => this.#receive(downMessageSchema.parse(JSON.parse(data.toString()))))
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() }
    })
    socket.on('error', () => {})
  }

  /** Connects and does not say hello. */
  static async dial(port: number, credentials: Certificate, acknowledges = true): Promise<ProxyClient> {
    const client = new ProxyClient(openSocket(port, '/v1/proxy', credentials), acknowledges)
    await once(client.socket, 'open')
    return client
  }

  /** Connects, says hello and waits for the snapshot. */
  static async connect(port: number, credentials: Credentials, options: ProxyClientOptions = {}): Promise<ProxyClient> {
    const client = await ProxyClient.dial(port, credentials, options.acknowledges ?? true)
    client.hello(options)
    await client.next('snapshot')
    return client
  }

  hello(options: ProxyClientOptions = {}): void {
    this.send({
      type: 'hello',
      protocol: 1,
      bootId: 'boot',
      held: options.held ?? null,
      wants: options.wants ?? [],
      inbound: options.inbound ?? null,
      outbound: 20_000,
      admin: 20_001,
      hostId: options.hostId ?? 'host',
      ready: options.ready ?? true,
      build: 'test',
    })
  }

  send(message: UpMessage): void {
    this.socket.send(JSON.stringify(message))
  }

  subscribe(...names: string[]): void {
    this.send({ type: 'subscribe', names })
  }

  metrics(sequence: number, payload: Partial<MetricsPayload> = {}, ageMs = 0): void {
    this.send({
      type: 'metrics',
      ageMs,
      payload: {
        bootId: 'boot',
        sequence,
        intervalMs: 5_000,
        routes: [],
        edges: [],
        rules: [],
        patterns: [],
        droppedReports: 0,
        ...payload,
      },
    })
  }

  /** The next message of a type, also one that has come already; it is taken out. */
  next<Type extends DownMessage['type']>(type: Type): Promise<Extract<DownMessage, { type: Type }>> {
    return eventually(`a message ${type}`, () => {
      const at = this.messages.findIndex((message) => message.type === type)
      const [found] = at < 0 ? [] : this.messages.splice(at, 1)
      return isOfType(found, type) ? found : undefined
    })
  }

  destination(name: string): DestinationDocument | undefined {
    const document = this.held.get(`destination/${name}`)
    return document?.kind === 'destination' ? document : undefined
  }
  endpoints(service: string): EndpointsDocument['endpoints'] | undefined {
    const document = this.held.get(`endpoints/${service}`)
    return document?.kind === 'endpoints' ? document.endpoints : undefined
  }

  ack(): void {
    if (this.position !== null) this.send({ type: 'ack', ...this.position })
  }

  /** Resolves with the close code and reason. */
  async whenClosed(): Promise<{ code: number; reason: string }> {
    return eventually('the connection to be closed', () => this.closed ?? undefined, 20_000)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.closed !== null) return
    this.socket.terminate()
    await this.whenClosed()
  }

  #receive(message: DownMessage): void {
    this.messages.push(message)
    if (message.type !== 'snapshot' && message.type !== 'delta') return
    const { epoch, revision } = message
    if (this.refusal !== null) {
      this.send({ type: 'nack', epoch, revision, reason: this.refusal })
      return
    }
    if (message.type === 'snapshot') this.held.clear()
    else if (message.base !== this.position?.revision)
      throw new Error(`a delta from ${message.base}, not from what is held`)
    for (const document of message.documents) this.held.set(documentName(document), document)
    if (message.type === 'delta') for (const name of message.removed) this.held.delete(name)
    this.position = { epoch, revision }
    if (this.acknowledges) this.ack()
  }
}

function isOfType<Type extends DownMessage['type']>(
  message: DownMessage | undefined,
  type: Type,
): message is Extract<DownMessage, { type: Type }> {
  return message?.type === type
}

/** For a client that stops reading: the TLS socket below a WebSocket. */
export function tlsSocketOf(client: ProxyClient): TLSSocket | undefined {
  const socket: unknown = Reflect.get(client.socket, '_socket')
  return socket instanceof Object && 'pause' in socket ? (socket as TLSSocket) : undefined
}
