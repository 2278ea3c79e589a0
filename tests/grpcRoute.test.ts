// Calls of gRPC as operators steer them, over real processes: shares of a GRPCRoute, and the route by the command line.
import { once } from 'node:events'
import {
  type ClientHttp2Session,
  connect,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2'
import { connect as connectTcp } from 'node:net'
import { eventually } from '@heddle/testkit/eventually'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Mesh, startMesh } from './harness/mesh.ts'

const GRPC_OK = '0'
const GRPC_UNIMPLEMENTED = '12'

let mesh: Mesh
let client: ClientHttp2Session
const apps: Http2Server[] = []

/** An application of gRPC whose every answer, without a message, names its version. */
async function startApp(version: string): Promise<void> {
  const app = createServer().on('stream', (stream: ServerHttp2Stream) => {
    const head = { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': GRPC_OK, 'x-version': version }
    stream.resume().on('end', () => stream.respond(head, { endStream: true }))
  })
  apps.push(app)
  await once(app.listen(0, '127.0.0.1'), 'listening')
  const address = app.address()
  if (address === null || typeof address === 'string') throw new Error('the application has no port')
  await mesh.run({ service: 'quotes', version, appPort: address.port })
}

async function call(path: string): Promise<IncomingHttpHeaders> {
  const stream = client.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
  })
  stream.end(Buffer.alloc(5))
  const [head] = (await once(stream, 'response')) as [IncomingHttpHeaders]
  stream.resume()
  await once(stream, 'close')
  return head
}

const callMany = (count: number, path: string): Promise<IncomingHttpHeaders[]> =>
  Promise.all(Array.from({ length: count }, () => call(path)))
const ofVersion = (heads: IncomingHttpHeaders[], version: string): number =>
  heads.filter((head) => head['x-version'] === version).length

const route = (weightOfV2: number): string => `apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata:
  name: quotes-calls
  annotations: { heddle.dev/retry-grpc: unavailable, heddle.dev/retry-attempts: "2" }
spec:
  parentRefs: [{ kind: Service, name: quotes }]
  rules:
    - name: get
      matches:
        - method: { service: quotes.v1.Quotes, method: Get }
      backendRefs: [{ name: quotes-v1, weight: ${100 - weightOfV2} }, { name: quotes-v2, weight: ${weightOfV2} }]
    - name: streams
      matches:
        - method: { type: RegularExpression, service: 'quotes\\.v[12]\\.Quotes', method: Watch.* }
      backendRefs: [{ name: quotes-v2 }]
`

beforeAll(async () => {
  mesh = await startMesh()
  await mesh.apply('apiVersion: heddle.dev/v1\nkind: Service\nmetadata: { name: quotes }\nspec: { protocol: grpc }\n')
  await Promise.all([startApp('v1'), startApp('v2')])
  const { proxy } = await mesh.run({ service: 'desk' })
  client = connect('http://quotes', {
    createConnection: () => connectTcp({ port: proxy.outbound ?? 0, host: '127.0.0.1' }),
  })
  await once(client, 'connect')
}, 300_000)
afterAll(async () => {
  client?.destroy()
  await mesh?.[Symbol.asyncDispose]()
  for (const app of apps) app.close()
}, 60_000)

// Weights are kept by GRPCRoutes as by HTTPRoutes, method by method, and what no rule names is not implemented.
test('75/25 of one method, another method by an expression, and the rest is UNIMPLEMENTED', async () => {
  expect(await mesh.apply(route(25))).toBe('GRPCRoute/quotes-calls created\n')
  await eventually('the split is in force', async () =>
    ofVersion(await callMany(20, '/quotes.v1.Quotes/Get'), 'v2') === 5 ? true : undefined,
  )
  const gets = await callMany(400, '/quotes.v1.Quotes/Get')
  const toV2 = ofVersion(gets, 'v2')
  expect(ofVersion(gets, 'v1') + toV2).toBe(400)
  // The sequence of choices begins anywhere on its circle, so that a part of it is off by a call or two.
  expect(Math.abs(toV2 - 100)).toBeLessThanOrEqual(2)
  expect(ofVersion(await callMany(20, '/quotes.v2.Quotes/WatchAll'), 'v2')).toBe(20)
  expect((await call('/quotes.v1.Quotes/Delete'))['grpc-status']).toBe(GRPC_UNIMPLEMENTED)
})

// What `get` prints is what `apply` takes, `diff` says what would change, and a change is undone.
test('a GRPCRoute by the command line, there and back', async () => {
  const printed = await mesh.ok(['get', 'grpcroute', 'quotes-calls', '-o', 'yaml'])
  expect(await mesh.apply(printed)).toContain('unchanged')
  expect(await mesh.apply(route(25))).toContain('unchanged')
  expect(await mesh.ok(['get', 'grpcroutes'])).toContain('quotes-calls')
  const { stdout } = await mesh.heddle(['diff', '-f', '-'], { input: route(50) })
  expect(stdout).toMatch(/^-.*weight: 25/m)
  expect(stdout).toMatch(/^\+.*weight: 50/m)
  expect(await mesh.apply(route(50))).toContain('changed')
  const { changes } = (await mesh.json(['changes'])) as { changes: { revision: number }[] }
  await mesh.ok(['revert', `${changes[0]?.revision}`])
  const spec = (yaml: string): string => yaml.slice(yaml.indexOf('spec:'))
  expect(spec(await mesh.ok(['get', 'grpcroute', 'quotes-calls', '-o', 'yaml']))).toBe(spec(printed))
})
