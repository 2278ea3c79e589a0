// gRPC through the mesh by the library that applications use, grpc-js, on both sides: what it does with a server directly
// it does through two proxies.
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Metadata, type ServiceError, status } from '@grpc/grpc-js'
import { statEdgesOutputSchema } from '@heddle/shared/api/index'
import { eventually } from '@heddle/testkit/eventually'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CallOptions, GrpcClient } from './harness/grpc/client.ts'
import { HEALTH, SERVING_STATUS } from './harness/grpc/health.ts'
import { LOOM, LOOM_NAME } from './harness/grpc/loom.ts'
import { talk } from './harness/grpc/talk.ts'
import { freePort, type Mesh, type MeshService, startMesh } from './harness/mesh.ts'

const program = (name: string): string => fileURLToPath(new URL(`./harness/grpc/${name}.ts`, import.meta.url))

let mesh: Mesh
let weaver: MeshService
let stranger: MeshService
let loom: GrpcClient
const stack = new AsyncDisposableStack()

const startServer = async (instance: string): Promise<MeshService> => {
  const appPort = await freePort()
  const command = [process.execPath, program('server'), `${appPort}`, instance]
  return mesh.run({ service: 'loom', instance, appPort, command })
}

/** As an application beside that proxy has it: the environment that `heddle run` sets is all it knows of the mesh. */
function clientBeside({ proxy }: MeshService, target: string): GrpcClient {
  process.env.http_proxy = `http://127.0.0.1:${proxy.outbound}`
  try {
    return stack.use(new GrpcClient(target))
  } finally {
    delete process.env.http_proxy
  }
}

beforeAll(async () => {
  mesh = stack.use(await startMesh())
  await mesh.apply(`
apiVersion: heddle.dev/v1
kind: Service
metadata: { name: loom }
spec: { protocol: grpc, balancing: round-robin }
---
apiVersion: heddle.dev/v1
kind: Service
metadata: { name: idle }
spec: { protocol: grpc }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: loom, annotations: { heddle.dev/retry-grpc: unavailable } }
spec:
  parentRefs: [{ kind: Service, name: loom }]
  rules:
    - name: flaky
      matches: [{ path: { type: Exact, value: ${LOOM.Flaky.path} } }]
      retry: { attempts: 1 }
    - name: rest
---
apiVersion: heddle.dev/v1
kind: AccessRule
metadata: { name: no-talk-with-strangers }
spec:
  target: { service: loom }
  action: Deny
  from: [{ service: stranger }]
  to: [{ paths: [{ type: Exact, value: ${LOOM.Talk.path} }, { type: Exact, value: ${LOOM.Say.path} }] }]
`)
  await startServer('one')
  weaver = await mesh.run({ service: 'weaver' })
  stranger = await mesh.run({ service: 'stranger' })
  loom = clientBeside(weaver, 'loom:50051')
}, 300_000)
afterAll(() => stack.disposeAsync(), 90_000)

const say = (text: string, options?: CallOptions) => loom.unary(LOOM.Say, text, options)

/** The error with which a call ends. */
async function failure(calling: Promise<unknown>): Promise<ServiceError> {
  const error: unknown = await calling.then(
    () => new Error('it succeeded'),
    (why: unknown) => why,
  )
  if (error instanceof Error && 'code' in error && 'details' in error && 'metadata' in error)
    return error as ServiceError
  throw error
}

test('a program that knows nothing of the mesh is answered under heddle run', async () => {
  const printed = await mesh.ok(['run', '--service', 'probe', '--', process.execPath, program('probe'), 'loom:50051'])
  expect(JSON.parse(printed)).toEqual({ said: 'one: warp', health: SERVING_STATUS.serving, echoed: 'weft' })
}, 60_000)

test('a unary call, with metadata of texts and of octets both ways and in the trailers', async () => {
  const metadata = new Metadata()
  metadata.add('x-ask', 'first')
  metadata.add('x-ask', 'second')
  const octets = Buffer.from([0, 255, 10, 13, 44, 128])
  metadata.add('x-ask-bin', octets)
  const { answer, metadata: head, trailers } = await say('weft', { metadata })
  expect(answer).toBe('one: weft')
  for (const [fields, name] of [
    [head, 'x-answer'],
    [trailers, 'x-trail'],
  ] as const) {
    expect(fields.get(name).join(', ')).toBe('first, second')
    expect(fields.get(`${name}-bin`)).toEqual([octets])
  }
})

test('server streaming: every message, in order', async () => {
  const received: string[] = []
  for await (const message of loom.serverStream(LOOM.Count, '2000')) received.push(message)
  expect(received).toEqual(Array.from({ length: 2_000 }, (_, i) => `${i}`))
})

test('client streaming', async () => {
  const { promise, resolve, reject } = Promise.withResolvers<string | undefined>()
  const call = loom.clientStream(LOOM.Sum, (error, answer) => (error ? reject(error) : resolve(answer)))
  for (let i = 0; i < 2_000; i++) if (!call.write('x'.repeat(i % 100))) await once(call, 'drain')
  call.end()
  expect(await promise).toBe(`2000 messages of ${20 * 4_950}`)
})

// Each side waits for the other's message, so that none may be held back for more to come.
test('bidirectional streaming, message by message', async () => {
  const call = loom.bidirectional(LOOM.Talk)
  for (const word of ['warp', '', 'weft'.repeat(10_000)]) {
    call.write(word)
    expect((await once(call, 'data'))[0]).toBe(word)
  }
  call.end()
  const [ended] = await Promise.all([once(call, 'status'), once(call.resume(), 'end')])
  expect(ended[0]).toMatchObject({ code: status.OK })
})

// npm run soak -- grpc-stream is the long one, which looks at the memory too.
test('a stream of 5,000 messages with a slow reader keeps its order, and other calls go on beside it', async () => {
  const talking = talk(loom, 5_000)
  let isOver = false
  const over = talking.finally(() => {
    isOver = true
  })
  let beside = 0
  while (!isOver) {
    expect((await say(`${beside}`)).answer).toBe(`one: ${beside}`)
    beside++
  }
  expect(await over).toMatchObject({ received: 5_000, outOfOrderAt: null })
  expect(beside).toBeGreaterThan(0)
})

test.each([1, 2, 3, 5, 6, 8, 9, 10, 11, 13, 14, 15, 16])('status %i comes with its message', async (code) => {
  const details = 'zu spät – 100 %, „nein“\n東京 +%41'
  const error = await failure(loom.unary(LOOM.Fail, JSON.stringify({ code, details })))
  expect([error.code, error.details]).toEqual([code, details])
})

const hung = async (): Promise<number> => Number((await loom.unary(LOOM.Hung, 'so far')).answer)

// grpc-timeout, and the caller's own clock: whichever is first, the caller hears the same, and nobody works for nothing.
test('a deadline that passes is DEADLINE_EXCEEDED, and the server hears of it', async () => {
  const before = await hung()
  const error = await failure(loom.unary(LOOM.Hang, 'on', { timeoutMs: 300 }))
  expect(error.code).toBe(status.DEADLINE_EXCEEDED)
  await eventually('the server hears of it', async () => ((await hung()) === before + 1 ? true : undefined))
})

test('a cancelled call is cancelled at the server, and costs no other call', async () => {
  const before = await hung()
  const talk = loom.bidirectional(LOOM.Talk)
  talk.write('before')
  await once(talk, 'data')
  const error = await failure(loom.unary(LOOM.Hang, 'on', { begun: (call) => setTimeout(() => call.cancel(), 100) }))
  expect(error.code).toBe(status.CANCELLED)
  await eventually('the server hears of it', async () => ((await hung()) === before + 1 ? true : undefined))
  talk.write('after')
  expect((await once(talk, 'data'))[0]).toBe('after')
  talk.end()
  await once(talk.resume(), 'end')
})

test('a message of 8 MB goes there and back', async () => {
  const text = 'abcdefgh'.repeat(1024 * 1024)
  const { answer } = await say(text)
  expect(answer === `one: ${text}`).toBe(true)
})

test('a status that the annotation names is tried again', async () => {
  expect((await loom.unary(LOOM.Flaky, 'retried')).answer).toBe('2')
})

test('a call that a rule denies is PERMISSION_DENIED, and names the rule', async () => {
  const denied = clientBeside(stranger, 'loom:50051')
  const error = await failure(denied.unary(LOOM.Say, 'hello'))
  expect([error.code, error.metadata.get('x-heddle-error')]).toEqual([status.PERMISSION_DENIED, ['denied']])
  expect(error.details).toContain('no-talk-with-strangers')
  const [streamError] = await once(denied.bidirectional(LOOM.Talk), 'error')
  expect(streamError).toMatchObject({ code: status.PERMISSION_DENIED })
  expect((await denied.unary(LOOM.Hung, 'so far')).answer).toMatch(/^\d+$/)
})

test.each([
  ['without an instance', 'idle:50051', 'no_endpoint'],
  ['that does not exist', 'nobody:50051', 'no_such_service'],
])('a service %s is UNAVAILABLE', async (_which, target, code) => {
  const error = await failure(clientBeside(weaver, target).unary(LOOM.Say, 'hello'))
  expect([error.code, error.metadata.get('x-heddle-error')]).toEqual([status.UNAVAILABLE, [code]])
})

test('health: Check', async () => {
  for (const service of ['', LOOM_NAME])
    expect((await loom.unary(HEALTH.Check, { service })).answer).toEqual({ status: SERVING_STATUS.serving })
  expect(await failure(loom.unary(HEALTH.Check, { service: 'another' }))).toMatchObject({ code: status.NOT_FOUND })
})

test('health: Watch tells each change as it happens', async () => {
  const watch = loom.serverStream(HEALTH.Watch, { service: LOOM_NAME })
  expect((await once(watch, 'data'))[0]).toEqual({ status: SERVING_STATUS.serving })
  for (const isServing of [false, true]) {
    const told = once(watch, 'data')
    await loom.unary(LOOM.SetServing, `${isServing}`)
    expect((await told)[0]).toEqual({ status: isServing ? SERVING_STATUS.serving : SERVING_STATUS.notServing })
  }
  watch.on('error', () => {})
  watch.cancel()
})

// A status of gRPC is what success means, whatever HTTP says: two of the four are the server's failures.
test('statuses are in heddle stat', async () => {
  const counted = clientBeside(await mesh.run({ service: 'counted' }), 'loom:50051')
  for (const code of [status.NOT_FOUND, status.INTERNAL, status.PERMISSION_DENIED, status.UNAVAILABLE])
    await failure(counted.unary(LOOM.Fail, JSON.stringify({ code, details: 'no' })))
  const row = await eventually(
    'the counts have arrived',
    async () => {
      const { rows } = statEdgesOutputSchema.parse(await mesh.json(['stat', 'edges', 'loom', '--window', '10m']))
      return rows.find(({ source, requests }) => source === 'counted' && requests === 4)
    },
    60_000,
  )
  expect(row).toMatchObject({ destination: 'loom', successRate: 50 })
}, 90_000)

// The last one, for it brings a second instance.
test('the calls of one connection are spread over the instances one by one', async () => {
  await startServer('two')
  await eventually('both answer', async () => {
    const answers = new Set([(await say('so')).answer, (await say('so')).answer])
    return answers.size === 2 ? true : undefined
  })
  const answers = await Promise.all(Array.from({ length: 40 }, () => say('so').then(({ answer }) => answer)))
  expect(answers.filter((answer) => answer === 'one: so')).toHaveLength(20)
  expect(answers.filter((answer) => answer === 'two: so')).toHaveLength(20)
}, 60_000)
