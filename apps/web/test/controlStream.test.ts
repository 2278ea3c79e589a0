// The console's side of its streams, against control planes made here that speak real TLS with real certificates.
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { systemClock } from '@heddle/shared/clock'
import { type ConsoleMessage, consoleUpMessageSchema, type ProxyState } from '@heddle/shared/wire/console'
import { consoleJoinRequestSchema } from '@heddle/shared/wire/join'
import { createAuthority, type TestAuthority } from '@heddle/testkit/certificates'
import { eventually } from '@heddle/testkit/eventually'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { readIdentity } from '../src/server/control/consoleIdentity.ts'
import { ControlStream, type KnownControl } from '../src/server/control/controlStream.ts'

const SECRET = 's'.repeat(43)

interface FakeControl extends AsyncDisposable {
  id: string
  url: string
  port: number
  /** Secrets that were offered. */
  readonly secrets: string[]
  /** Subjects of the clients' certificates. */
  readonly clients: string[]
  readonly sockets: Set<WebSocket>
  send(message: ConsoleMessage): void
  state(given?: Partial<Extract<ConsoleMessage, { type: 'state' }>>): ConsoleMessage
}

interface FakeOptions {
  id?: string
  port?: number
  /** SPIFFE id of its certificate; the control plane's unless told. */
  uri?: string
  leafMs?: number
  /** Shown to clients; the authority's unless told. */
  refuse?: boolean
}

async function fakeControl(authority: TestAuthority, options: FakeOptions = {}): Promise<FakeControl> {
  const { id = 'control-1', uri = `spiffe://${authority.trustDomain}/control`, leafMs = 3_600_000 } = options
  const leaf = await authority.leaf({ uris: [uri] })
  const secrets: string[] = []
  const clients: string[] = []
  const sockets = new Set<WebSocket>()
  const certify = async (csr: string) =>
    authority.sign(csr, {
      uris: [`spiffe://${authority.trustDomain}/console`],
      notAfter: new Date(Date.now() + leafMs),
    })
  const server: Server = createServer({
    key: leaf.key,
    cert: `${leaf.chain}\n${authority.root}`,
    ca: [authority.root],
    requestCert: true,
    rejectUnauthorized: false,
    minVersion: 'TLSv1.3',
  })
  server.on('request', (request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', async () => {
      const { secret, csr } = consoleJoinRequestSchema.parse(JSON.parse(body))
      secrets.push(secret)
      if (options.refuse || secret !== SECRET) {
        response.writeHead(403).end(JSON.stringify({ error: 'refused', message: 'The secret is spent.' }))
        return
      }
      const answer = { trustDomain: authority.trustDomain, chain: await certify(csr), roots: [authority.root] }
      response.writeHead(200).end(JSON.stringify(answer))
    })
  })
  const webSockets = new WebSocketServer({ server, path: '/v1/console' })
  const control: FakeControl = {
    id,
    url: '',
    port: 0,
    secrets,
    clients,
    sockets,
    send: (message) => {
      for (const socket of sockets) socket.send(JSON.stringify(message))
    },
    state: (given = {}) => ({
      type: 'state',
      controlId: id,
      now: Date.now(),
      buckets: [],
      proxies: [],
      spreads: [],
      ...given,
    }),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.terminate()
      webSockets.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  webSockets.on('connection', (socket, request) => {
    const tls = request.socket as TLSSocket
    clients.push(tls.authorized ? (tls.getPeerCertificate().subjectaltname ?? '') : 'nobody')
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('message', async (data) => {
      const { csr } = consoleUpMessageSchema.parse(JSON.parse(String(data)))
      const message = { type: 'certificate', chain: await certify(csr), roots: [authority.root] }
      socket.send(JSON.stringify(message))
    })
    socket.send(JSON.stringify(control.state()))
  })
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no address')
  control.port = address.port
  control.url = `https://127.0.0.1:${address.port}`
  return control
}

let home: string
let authority: TestAuthority
let streams: AsyncDisposable[]
let logged: string[]

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'heddle-console-'))
  authority = await createAuthority()
  streams = []
  logged = []
})
afterEach(async () => {
  for (const stream of streams.reverse()) await stream[Symbol.asyncDispose]()
  rmSync(home, { recursive: true, force: true })
})

function leaveSecret(control: FakeControl, rootSha256 = authority.rootSha256, secret = SECRET): void {
  writeFileSync(join(home, 'console-secret'), JSON.stringify({ secret, rootSha256, controlUrl: control.url }), {
    mode: 0o600,
  })
}
const kept = <T extends AsyncDisposable>(part: T): T => {
  streams.push(part)
  return part
}
function open(
  controls: readonly string[],
  discover: () => Promise<readonly KnownControl[]> = async () => [],
): ControlStream {
  return kept(
    new ControlStream({
      home,
      controls,
      discover,
      clock: systemClock,
      log: (level, message, fields) => logged.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`),
      random: () => 0.1,
    }),
  )
}
const known =
  (...controls: FakeControl[]) =>
  async () =>
    controls.map(({ id, url }) => ({ id, address: url }))
const until = (what: string, is: () => boolean) => eventually(what, () => (is() ? true : undefined))

const proxy = (instance: string, connected: boolean): ProxyState => ({
  instance,
  service: 'catalog',
  version: 'v1',
  connected,
  connectedSince: connected ? 1 : null,
  ready: true,
  readyReason: null,
  revision: 7,
  wantedRevision: 7,
  ackDelayMs: 3,
  nack: null,
  ejections: [],
  build: '0.1.0',
})
const bucket = (at: number, requests: number) => ({
  at,
  routes: [],
  edges: [],
  rules: [{ rule: 'r', source: 's', verdict: 'allowed' as const, hits: requests }],
})
const hits = (stream: ControlStream) =>
  stream.window.rules(0, Number.MAX_SAFE_INTEGER).reduce((sum, row) => sum + row.hits, 0)

// The first start: the secret is spent once, the certificate is the console's, key and roots are kept for the next start.
test('the console enrols with its one-time secret and streams as the console', async () => {
  const control = kept(await fakeControl(authority))
  leaveSecret(control)
  const stream = open([], known(control))
  await until('a stream', () => stream.isComplete())
  expect(control.secrets).toEqual([SECRET])
  expect(control.clients).toEqual([`URI:spiffe://${authority.trustDomain}/console`])
  expect(existsSync(join(home, 'console-secret'))).toBe(false)
  expect(statSync(join(home, 'console', 'identity.json')).mode & 0o777).toBe(0o600)
  expect(stream.state()).toEqual({ link: 'connected', reason: null })
  await stream[Symbol.asyncDispose]()
  const again = open([control.url], known(control))
  await until('a stream without a secret', () => again.isComplete())
  expect(control.secrets).toEqual([SECRET])
})

// Something between the console and its control plane learns nothing.
test('the secret is not sent to another root, nor to another identity', async () => {
  const stranger = await createAuthority()
  const wrongRoot = kept(await fakeControl(stranger))
  leaveSecret(wrongRoot)
  const stream = open([wrongRoot.url])
  await until('a refusal', () => logged.some((line) => line.includes('another root certificate')))
  expect(wrongRoot.secrets).toEqual([])
  await stream[Symbol.asyncDispose]()

  const service = kept(await fakeControl(authority, { uri: `spiffe://${authority.trustDomain}/service/catalog` }))
  leaveSecret(service)
  const second = open([service.url], known(service))
  await until('a refusal', () => logged.some((line) => line.includes('/service/catalog, not')))
  expect(service.secrets).toEqual([])
  expect(second.state().reason).toContain('did not enrol the console')
})

// A secret that was refused is not tried again and again; the next one that a control plane writes is.
test('a refused secret is tried once, a fresh one again', async () => {
  const control = kept(await fakeControl(authority))
  leaveSecret(control, authority.rootSha256, 'x'.repeat(43))
  const stream = open([control.url], known(control))
  await until('a refusal', () => logged.some((line) => line.includes('The secret is spent')))
  leaveSecret(control)
  await until('a stream', () => stream.isComplete())
  expect(control.secrets).toEqual(['x'.repeat(43), SECRET])
})

// What several control planes say is added; two addresses of one count once.
test('streams of several control planes are merged, aliases are not', async () => {
  const [one, two, alias] = [
    kept(await fakeControl(authority)),
    kept(await fakeControl(authority, { id: 'control-2' })),
    kept(await fakeControl(authority, { id: 'control-2' })),
  ]
  leaveSecret(one)
  const stream = open([alias.url], known(one, two))
  await until('both streams', () => stream.isComplete())
  await until('one stream of control-2', () => two.sockets.size + alias.sockets.size === 1)
  const at = Math.floor(Date.now() / 10_000) * 10_000
  for (const control of [one, two, alias]) control.send({ type: 'live', now: Date.now(), buckets: [bucket(at, 5)] })
  await until('the rows of both', () => hits(stream) === 10)
  one.send({ type: 'proxies', proxies: [proxy('a', false), proxy('b', true)], gone: [] })
  for (const control of [two, alias])
    control.send({ type: 'proxies', proxies: [proxy('a', true), proxy('c', true)], gone: [] })
  await until('the proxies of both', () => stream.proxies()?.size === 3)
  expect(stream.proxies()?.get('a')?.connected).toBe(true)
  one.send({ type: 'proxies', proxies: [], gone: ['b'] })
  await until('one proxy less', () => stream.proxies()?.size === 2)
  const spread = { revision: 9, holders: 6, acknowledged: 6, lastAckMs: 120, ackMs: [90, 120] }
  one.send({ type: 'spread', spreads: [spread] })
  for (const control of [two, alias])
    control.send({ type: 'spread', spreads: [{ ...spread, acknowledged: 5, lastAckMs: 300, ackMs: [80, 300] }] })
  await until('the spread over both', () => stream.spreads()[0]?.holders === 12)
  expect(stream.spreads()).toEqual([
    { revision: 9, holders: 12, acknowledged: 11, lastAckMs: 300, ackMs: [80, 90, 120, 300] },
  ])
})

// A control plane that restarts is found again by itself, and its state replaces what was known.
test('a stream that breaks comes back', async () => {
  const first = await fakeControl(authority)
  leaveSecret(first)
  const stream = open([first.url], known(first))
  await until('a stream', () => stream.isComplete())
  const at = Math.floor(Date.now() / 10_000) * 10_000
  first.send({ type: 'live', now: Date.now(), buckets: [bucket(at, 5)] })
  await until('rows', () => hits(stream) === 5)
  await first[Symbol.asyncDispose]()
  await until('the break', () => !stream.isComplete())
  expect(stream.proxies()).toBe(null)
  const second = kept(await fakeControl(authority, { port: first.port }))
  await until('the stream again', () => stream.isComplete())
  expect(hits(stream)).toBe(0)
  expect(second.secrets).toEqual([])
})

// A database that was made anew has another authority: the console enrols with it, without anybody's hand.
test('another authority is joined with its own secret', async () => {
  const old = await fakeControl(authority)
  leaveSecret(old)
  const stream = open([old.url], known(old))
  await until('a stream', () => stream.isComplete())
  await old[Symbol.asyncDispose]()
  const other = await createAuthority('other.heddle')
  const control = kept(await fakeControl(other, { port: old.port }))
  leaveSecret(control, other.rootSha256)
  await until('a stream from the other', () => stream.isComplete())
  expect(control.clients.at(-1)).toBe('URI:spiffe://other.heddle/console')
})

// Renewal at half the leaf's life, with a new key, over the stream that is open.
test('the certificate is renewed without a secret', async () => {
  const control = kept(await fakeControl(authority, { leafMs: 6_000 }))
  leaveSecret(control)
  const stream = open([control.url], known(control))
  await until('a stream', () => stream.isComplete())
  const first = readIdentity(home)
  const renewed = await eventually('another certificate', () => {
    const identity = readIdentity(home)
    return identity !== undefined && identity.key !== first?.key ? identity : undefined
  })
  expect(renewed.notAfter).toBeGreaterThan(first?.notAfter ?? 0)
  await until('a stream with it', () => stream.isComplete() && control.clients.length > 1)
  expect(control.secrets).toEqual([SECRET])
})

// What is not of the protocol ends the stream and is logged; nothing of it is taken.
test('a message that is not of the protocol is not taken', async () => {
  const control = kept(await fakeControl(authority))
  leaveSecret(control)
  const stream = open([control.url], known(control))
  await until('a stream', () => stream.isComplete())
  for (const socket of control.sockets) socket.send('{"type":"live","now":"yesterday","buckets":[]}')
  await until('a line in the log', () => logged.some((line) => line.includes('does not understand')))
  await until('a stream again', () => stream.isComplete() && control.clients.length === 2)
})
