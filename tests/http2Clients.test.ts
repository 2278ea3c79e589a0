// Programs of others that speak HTTP/2 with prior knowledge, at the outbound port: nghttp and h2load (nghttp2) and curl, and
// behind the mesh an application that knows HTTP/1.1 only. nghttp2 has its own codec, windows and ideas of priority.
import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '@heddle/testkit/eventually'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Finished, start } from './harness/command.ts'
import { type MeshService, startMesh } from './harness/mesh.ts'

const hasProgram = (name: string): boolean => spawnSync(name, ['--version']).status === 0
const curlSpeaksHttp2 = spawnSync('curl', ['--version']).stdout?.includes('HTTP2') === true
/** Debian package: nghttp2-client. `npm test` installs it where it may. */
const hasNghttp2 = hasProgram('nghttp') && hasProgram('h2load')

let shop: MeshService
let stranger: MeshService
const stack = new AsyncDisposableStack()
const MEGABYTE = 1024 * 1024
const body = randomBytes(3 * MEGABYTE)
let folder: string
let bodyFile: string

const digestOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** The application: GET /bytes/N, POST anything (length and digest of what came), /trailers, anything else 200. */
function serve(request: IncomingMessage, response: ServerResponse): void {
  const bytes = /^\/bytes\/(\d+)$/.exec(request.url ?? '')?.[1]
  if (bytes !== undefined) {
    // By itself Node says no length in an answer to HEAD.
    response.setHeader('content-length', bytes)
    return void response.end(Buffer.alloc(Number(bytes), 'b'))
  }
  if (request.url === '/trailers') {
    response.writeHead(200, { trailer: 'x-sum' })
    response.write('body')
    response.addTrailers({ 'x-sum': '42' })
    return void response.end()
  }
  const hash = createHash('sha256')
  let length = 0
  request.on('data', (chunk: Buffer) => {
    hash.update(chunk)
    length += chunk.length
  })
  request.on('end', () => {
    response.setHeader('content-type', 'text/plain')
    response.end(`${request.method} ${length} ${hash.digest('hex')} ${request.trailers['x-late'] ?? ''}`.trimEnd())
  })
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'heddle-http2-'))
  stack.defer(() => rmSync(folder, { recursive: true, force: true }))
  bodyFile = join(folder, 'body')
  writeFileSync(bodyFile, body)
  const app = createServer(serve)
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve))
  stack.defer(() => void app.close())
  const address = app.address()
  const mesh = stack.use(await startMesh())
  await mesh.apply(`
apiVersion: heddle.dev/v1
kind: Service
metadata: { name: catalog }
---
apiVersion: heddle.dev/v1
kind: AccessRule
metadata: { name: no-strangers }
spec:
  target: { service: catalog }
  action: Deny
  from: [{ service: stranger }]
`)
  await mesh.run({ service: 'catalog', appPort: typeof address === 'object' && address !== null ? address.port : 0 })
  shop = await mesh.run({ service: 'shop' })
  stranger = await mesh.run({ service: 'stranger' })
}, 300_000)
afterAll(() => stack.disposeAsync(), 60_000)

const url = (path: string, { proxy }: MeshService = shop): string => `http://127.0.0.1:${proxy.outbound}${path}`

async function ran(program: string, args: string[]): Promise<Finished> {
  const finished = await start(program, args).finished
  expect([finished.stderr, finished.code]).toEqual(['', 0])
  return finished
}

const curl = async (args: string[], path: string, by?: MeshService): Promise<string> =>
  (await ran('curl', ['-sS', '--http2-prior-knowledge', '-H', 'Host: catalog', ...args, url(path, by)])).stdout

const nghttp = async (args: string[], path: string, by?: MeshService): Promise<string> =>
  (await ran('nghttp', ['-H', ':authority: catalog', ...args, url(path, by)])).stdout

const uploaded = `POST ${body.length} ${digestOf(body)}`

test.skipIf(!curlSpeaksHttp2)('curl: bodies both ways, HEAD, trailers, and what a rule refuses', async () => {
  const form = ['-w', '\n%{http_version} %{http_code} %{size_download}']
  expect(await curl([...form, '--data-binary', `@${bodyFile}`], '/upload')).toBe(
    `${uploaded}\n2 200 ${uploaded.length}`,
  )
  expect(await curl([...form, '-o', '/dev/null'], `/bytes/${5 * MEGABYTE}`)).toBe(`\n2 200 ${5 * MEGABYTE}`)
  expect(await curl(['--head'], '/bytes/123')).toMatch(/^HTTP\/2 200 \r\n(?:.*\r\n)*content-length: 123\r\n/)
  // Behind the body's end curl shows them among the head's fields.
  expect(await curl(['-i'], '/trailers')).toMatch(/\r\n\r\nbody(?:.*\r\n)*x-sum: 42\r\n/)
  expect(await curl(['-i'], '/x', stranger)).toMatch(/^HTTP\/2 403 \r\n(?:.*\r\n)*x-heddle-error: denied\r\n/)
  expect(await curl(['-i', '-X', 'get'], '/x')).toMatch(/^HTTP\/2 400 \r\n(?:.*\r\n)*x-heddle-error: malformed\r\n/)
})

test.skipIf(!hasNghttp2)('nghttp: bodies both ways, with padding and small windows', async () => {
  expect(await nghttp(['-d', bodyFile], '/upload')).toBe(uploaded)
  expect(await nghttp(['-d', bodyFile, '-b', '255', '--no-content-length'], '/upload')).toBe(uploaded)
  // A window of 1 KB for the stream.
  expect(await nghttp(['-w', '10'], `/bytes/${MEGABYTE}`)).toBe('b'.repeat(MEGABYTE))
  expect(await nghttp(['--expect-continue', '-d', bodyFile], '/upload')).toBe(uploaded)
})

test.skipIf(!hasNghttp2)(
  'nghttp: HEAD, trailers both ways, a head in several frames, and what a rule refuses',
  async () => {
    const head = await nghttp(['-v', '-H', ':method: HEAD'], '/bytes/123')
    expect(head).toMatch(/:status: 200/)
    expect(head).toMatch(/content-length: 123/)
    expect(head).not.toMatch(/recv DATA frame <length=[1-9]/)
    // With a length said before, a request in HTTP/1.1 has no place for them (RFC 9112, 7.1.2).
    expect(await nghttp(['-d', bodyFile, '--no-content-length', '--trailer', 'x-late: 7'], '/upload')).toBe(
      `${uploaded} 7`,
    )
    expect(await nghttp(['-v'], '/trailers')).toMatch(/x-sum: 42/)
    // More than an application may send in a head, in CONTINUATION frames.
    expect(await nghttp(['-v', '--continuation'], '/x')).toMatch(/:status: 431[\s\S]*x-heddle-error: headers_too_large/)
    expect(await nghttp(['-v'], '/x', stranger)).toMatch(/:status: 403[\s\S]*x-heddle-error: denied/)
  },
)

test.skipIf(!hasNghttp2)('nghttp: many streams at once, and a table of headers that shrinks', async () => {
  const many = await nghttp(['-m', '300', '-c', '0', '-c', '4096'], '/bytes/1000')
  expect(many).toBe('b'.repeat(300_000))
})

interface Loaded {
  succeeded: number
  failed: number
  statuses: string
}

async function h2load(args: string[], path: string, by?: MeshService): Promise<Loaded> {
  const { stdout } = await ran('h2load', ['-H', ':authority: catalog', ...args, url(path, by)])
  const counts = /(\d+) succeeded, (\d+) failed/.exec(stdout)
  return {
    succeeded: Number(counts?.[1]),
    failed: Number(counts?.[2]),
    statuses: /^status codes: (.*)$/m.exec(stdout)?.[1] ?? stdout,
  }
}

test.skipIf(!hasNghttp2)('h2load: 5,000 requests on 8 connections with 50 streams each, not one fails', async () => {
  const loaded = await h2load(['-n', '5000', '-c', '8', '-m', '50'], '/bytes/1024')
  expect(loaded).toEqual({ succeeded: 5_000, failed: 0, statuses: '5000 2xx, 0 3xx, 0 4xx, 0 5xx' })
})

test.skipIf(!hasNghttp2)('h2load: bodies each way on many streams', async () => {
  expect(await h2load(['-n', '64', '-c', '2', '-m', '16', '-d', bodyFile], '/upload')).toMatchObject({ succeeded: 64 })
  expect(await h2load(['-n', '64', '-c', '2', '-m', '16'], `/bytes/${MEGABYTE}`)).toMatchObject({ succeeded: 64 })
})

// Refusals are answers: the connection stays, and each stream has its own.
test.skipIf(!hasNghttp2)('h2load: what a rule refuses is 403 for every stream', async () => {
  const { statuses } = await h2load(['-n', '1000', '-c', '2', '-m', '50'], '/x', stranger)
  expect(statuses).toBe('0 2xx, 0 3xx, 1000 4xx, 0 5xx')
})

// Whoever ends in the middle leaves nothing under way behind.
test.skipIf(!hasNghttp2)('h2load that is ended in the middle leaves no request in flight', async () => {
  const loading = start('h2load', [
    '-D',
    '30',
    '-c',
    '4',
    '-m',
    '50',
    '-H',
    ':authority: catalog',
    url('/bytes/100000'),
  ])
  const inFlight = async (): Promise<number> => {
    const text = await (await fetch(`http://127.0.0.1:${shop.proxy.admin}/metrics`)).text()
    return [...text.matchAll(/^heddle_requests_in_flight\{[^}]*\} (\d+)$/gm)].reduce((sum, [, n]) => sum + Number(n), 0)
  }
  await eventually('it is under way', async () => ((await inFlight()) > 0 ? true : undefined))
  await loading.stop('SIGKILL')
  await eventually('nothing is in flight', async () => ((await inFlight()) === 0 ? true : undefined))
})
