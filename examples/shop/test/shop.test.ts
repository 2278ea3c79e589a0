// The shop without any mesh: its programs behind a plain forward proxy that knows which name is which port.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const source = join(import.meta.dirname, '..', 'src')
const SERVICES = ['catalog', 'cart', 'payments', 'shipping', 'checkout', 'storefront']

const ports = new Map<string, number>()
const children: ChildProcess[] = []
let directory: string

const forward = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
  const url = new URL(incoming.url ?? '', `http://${incoming.headers.host}`)
  const port = ports.get(url.hostname)
  const { method, headers } = incoming
  const onward = request({ host: '127.0.0.1', port, method, headers, path: url.pathname + url.search }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(outgoing)
  })
  onward.on('error', () => outgoing.writeHead(502).end())
  incoming.pipe(onward)
}
const proxy = createServer(forward)
proxy.on('connect', (_incoming, socket) => {
  socket.write('HTTP/1.1 200 OK\r\n\r\n')
  proxy.emit('connection', socket)
})
proxy.on('upgrade', (incoming: IncomingMessage, socket, head) => {
  const url = new URL(incoming.url ?? '', `http://${incoming.headers.host}`)
  const onward = connect(ports.get(url.hostname) ?? 0, '127.0.0.1')
  const fields = incoming.rawHeaders.reduce((text, part, i) => text + part + (i % 2 === 0 ? ': ' : '\r\n'), '')
  onward.write(`GET ${url.pathname} HTTP/1.1\r\n${fields}\r\n`)
  onward.write(head)
  onward.pipe(socket).pipe(onward)
  for (const end of [onward, socket]) end.on('error', () => {})
})

/** Starts a program of the shop; resolves with the first line that it prints. */
function start(program: string, env: Record<string, string>): Promise<string> {
  const child = spawn(process.execPath, [join(source, `${program}.ts`)], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  return new Promise((resolve, reject) => {
    child.stdout?.once('data', (line) => resolve(String(line)))
    child.once('exit', (code) => reject(new Error(`${program} ended with ${code}`)))
  })
}

let environment: Record<string, string>
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'shop-'))
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const address = proxy.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  environment = { http_proxy: url, NODE_USE_ENV_PROXY: '1', no_proxy: 'localhost,127.0.0.1', VERSION: 'v1' }
  for (const service of SERVICES) {
    const line = await start(service, { ...environment, PORT: '0' })
    ports.set(service, Number(/listens on (\d+)/.exec(line)?.[1]))
  }
})
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  proxy.close()
  proxy.closeAllConnections()
  rmSync(directory, { recursive: true, force: true })
})

// The traffic keeps its own account: a line for each call, of every kind, with what the storefront answered.
test('the traffic reaches the whole shop and logs each outcome', async () => {
  const log = join(directory, 'traffic.jsonl')
  await start('traffic', { ...environment, RATE: '100', LOG_FILE: log })
  const traffic = children.at(-1)
  const lines = (): { at: number; service: string; route: string; status: number; latencyMs: number }[] => {
    try {
      return readFileSync(log, 'utf8')
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line))
    } catch {
      return []
    }
  }
  const routes = ['GET /', 'GET /products/*', 'POST /cart', 'POST /checkout']
  const isComplete = (): boolean => routes.every((route) => lines().some((l) => l.route === route && l.status < 300))
  while (!isComplete()) await new Promise((resolve) => setTimeout(resolve, 50))
  const ended = new Promise((resolve) => traffic?.once('exit', resolve))
  traffic?.kill('SIGTERM')
  expect(await ended).toBe(0)
  for (const line of lines()) {
    expect(line).toMatchObject({ service: 'storefront', at: expect.any(Number), latencyMs: expect.any(Number) })
    expect([200, 201, 402, 503]).toContain(line.status)
  }
})

// The storefront's feed greets who watches, and tells of a sale.
test('the WebSocket tells of orders', async () => {
  const socket = new WebSocket(`ws://127.0.0.1:${ports.get('storefront')}/live`)
  const events: unknown[] = []
  const sold = new Promise<void>((resolve) => {
    socket.addEventListener('message', ({ data }) => {
      const event: unknown = JSON.parse(String(data))
      events.push(event)
      if (JSON.stringify(event).includes('"sold"')) resolve()
    })
  })
  await new Promise((resolve) => socket.addEventListener('open', resolve))
  const buy = () => fetch(`http://127.0.0.1:${ports.get('storefront')}/checkout?shopper=me`, { method: 'POST' })
  // One order in fifty is declined, one in a hundred has no truck.
  while ((await buy()).status !== 201);
  await sold
  expect(events[0]).toEqual({ event: 'welcome' })
  socket.close()
})

// A signal ends a program by itself, in good order.
test('a program ends with 0 on SIGTERM', async () => {
  const cart = children[SERVICES.indexOf('cart')]
  const ended = new Promise((resolve) => cart?.once('exit', resolve))
  cart?.kill('SIGTERM')
  expect(await ended).toBe(0)
})
