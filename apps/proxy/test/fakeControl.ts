// A control plane for tests: real TLS, real WebSockets, real certificates; what it says is the test's decision. Messages
// of the proxy are checked against the wire's schemas, so that a test cannot pass on one that nobody would accept.
import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { formatJoinToken, newId, newSecret } from '@heddle/shared/joinToken'
import { joinRequestSchema } from '@heddle/shared/wire/join'
import { type DownMessage, type UpMessage, upMessageSchema } from '@heddle/shared/wire/messages'
import { createAuthority, type LeafOptions, type TestAuthority } from '@heddle/testkit/certificates'
import { type WebSocket, WebSocketServer } from 'ws'

type Up<T extends UpMessage['type']> = Extract<UpMessage, { type: T }>

export interface JoinAnswer {
  status?: number
  body?: unknown
  leaf?: Partial<LeafOptions>
  date?: Date
}

export interface FakeControlOptions {
  authority?: TestAuthority
  /** Identity in its certificate; the control plane's unless told otherwise. */
  uri?: string
  leaf?: Partial<LeafOptions>
  join?: (request: { service: string; instance: string; csr: string }) => JoinAnswer
  /** Keep the root out of the chain that it shows. */
  hidesRoot?: boolean
  port?: number
}

export class Conversation {
  readonly socket: WebSocket
  readonly received: UpMessage[] = []
  readonly #waiting: { type: string; resolve: (message: UpMessage) => void }[] = []
  #read = 0

  constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('message', (data) => {
      this.received.push(upMessageSchema.parse(JSON.parse(data.toString())))
      this.#match()
    })
    socket.on('error', () => {})
  }

  /** The next message of a type that was not read yet; others before it are passed over. */
  next<T extends UpMessage['type']>(type: T): Promise<Up<T>> {
    return new Promise((resolve) => {
      const isWanted = (message: UpMessage): message is Up<T> => message.type === type
      this.#waiting.push({ type, resolve: (message) => isWanted(message) && resolve(message) })
      this.#match()
    })
  }

  send(message: DownMessage): void {
    this.socket.send(JSON.stringify(message))
  }

  #match(): void {
    for (let wait = this.#waiting[0]; wait !== undefined; wait = this.#waiting[0]) {
      const { type, resolve } = wait
      const at = this.received.findIndex((message, index) => index >= this.#read && message.type === type)
      if (at < 0) return
      const found = this.received[at]
      this.#read = at + 1
      this.#waiting.shift()
      if (found !== undefined) resolve(found)
    }
  }
}

export interface FakeControl extends AsyncDisposable {
  readonly url: string
  readonly port: number
  readonly authority: TestAuthority
  readonly token: string
  readonly joins: { token: string; service: string; instance: string; version: string; loopback: boolean }[]
  /** The next connection of a proxy. */
  connection(): Promise<Conversation>
  /** A leaf for a certificate request, as the answer to `renew`. */
  certify(service: string, instance: string, csr: string, leaf?: Partial<LeafOptions>): Promise<string>
}

export async function startFakeControl(options: FakeControlOptions = {}): Promise<FakeControl> {
  const authority = options.authority ?? (await createAuthority())
  const own = await authority.leaf({
    uris: [options.uri ?? `spiffe://${authority.trustDomain}/control`],
    ips: ['127.0.0.1'],
    ...options.leaf,
  })
  const joins: FakeControl['joins'] = []
  const certify = (service: string, instance: string, csr: string, leaf: Partial<LeafOptions> = {}) =>
    authority.sign(csr, {
      uris: [`spiffe://${authority.trustDomain}/service/${service}`],
      dns: [instance, `${service}.mesh`],
      ...leaf,
    })
  const server = createServer({
    key: own.key,
    cert: options.hidesRoot ? own.chain : `${own.chain}\n${authority.root}`,
    ca: authority.root,
    requestCert: true,
    rejectUnauthorized: false,
    minVersion: 'TLSv1.3',
  })
  server.on('request', async (request, response) => {
    let text = ''
    for await (const chunk of request) text += String(chunk)
    const body = joinRequestSchema.parse(JSON.parse(text))
    joins.push(body)
    const answer = options.join?.(body) ?? {}
    if (answer.date !== undefined) response.setHeader('date', answer.date.toUTCString())
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' })
    const certificate = {
      trustDomain: authority.trustDomain,
      roots: [authority.root],
      chain: await certify(body.service, body.instance, body.csr, answer.leaf),
    }
    response.end(JSON.stringify(answer.body ?? certificate))
  })
  const sockets = new WebSocketServer({ server, path: '/v1/proxy' })
  const waiting: Conversation[] = []
  const wanted: ((conversation: Conversation) => void)[] = []
  sockets.on('connection', (socket) => {
    const conversation = new Conversation(socket)
    const resolve = wanted.shift()
    if (resolve === undefined) waiting.push(conversation)
    else resolve(conversation)
  })
  server.on('tlsClientError', () => {})
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `https://127.0.0.1:${port}`,
    port,
    authority,
    token: formatJoinToken({ id: newId(), secret: newSecret(), rootSha256: authority.rootSha256 }),
    joins,
    certify,
    connection: () => {
      const conversation = waiting.shift()
      return conversation === undefined ? new Promise((resolve) => wanted.push(resolve)) : Promise.resolve(conversation)
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets.clients) socket.terminate()
      sockets.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
