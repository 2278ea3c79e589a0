// A gRPC conversation of 100,000 messages through two proxies, whose client reads slowly, and beside it unary calls between
// the same two services, which share the one connection between their proxies.
import { fileURLToPath } from 'node:url'
import { start } from '../harness/command.ts'
import { GrpcClient } from '../harness/grpc/client.ts'
import { LOOM } from '../harness/grpc/loom.ts'
import { type Talked, talkedSchema } from '../harness/grpc/talk.ts'
import { freePort, type Mesh, type MeshService, startMesh } from '../harness/mesh.ts'
import { residentBytes } from '../harness/residentBytes.ts'
import { hold, type Scenario } from './scenario.ts'

const MESSAGES = 100_000
/** What a process grows to by working at all is not what a stream's length costs. */
const WARM_UP_MESSAGES = 20_000
/** What a proxy may grow by, however long the stream: the windows and the collector's slack. */
const GROWTH_BYTES = 32 * 1024 ** 2
const CALLS_PER_SECOND = 100
const ALONE_MS = 20_000
const TARGET = 'loom:50051'
const program = (name: string): string => fileURLToPath(new URL(`../harness/grpc/${name}.ts`, import.meta.url))

export const grpcStream: Scenario = {
  name: 'grpc-stream',
  guarantees:
    'a bidirectional gRPC stream of 100,000 messages with a slow reader: all in order, the proxies less than 32 MB above their peak for 20,000, and no other call on the same connection fails; their p99 is told',
  async run(note) {
    await using mesh = await startMesh()
    await mesh.apply(`
apiVersion: heddle.dev/v1
kind: Service
metadata: { name: loom }
spec: { protocol: grpc }
`)
    const appPort = await freePort()
    const command = [process.execPath, program('server'), `${appPort}`, 'loom']
    const server = await mesh.run({ service: 'loom', appPort, command })
    const caller = await mesh.run({ service: 'weaver' })
    const proxyUrl = `http://127.0.0.1:${caller.proxy.outbound}`
    process.env.http_proxy = proxyUrl
    using client = new GrpcClient(TARGET)
    delete process.env.http_proxy

    const converse = async (messages: number) => {
      const peak = new Peak([caller, server])
      const conversation = talk(mesh, proxyUrl, messages)
      const [talked, unary] = await Promise.all([conversation, callUntil(client, conversation)])
      hold('every message came back in order', talked.received === messages && talked.outOfOrderAt === null, talked)
      hold('no other call failed', unary.failed === 0, unary.failed)
      return { talked, unary, peak: await peak.end() }
    }

    const before = await converse(WARM_UP_MESSAGES)
    const alone = await callUntil(client, new Promise((resolve) => setTimeout(resolve, ALONE_MS)))
    hold('no call failed', alone.failed === 0, alone.failed)
    const startedAt = performance.now()
    const { talked, unary, peak } = await converse(MESSAGES)
    const seconds = (performance.now() - startedAt) / 1_000

    note(`${MESSAGES} messages of 1 KB each way in ${seconds.toFixed(0)} s, in order`)
    note(`at most ${talked.mostUnread} messages were between the sender and its slow reader`)
    note(`unary calls without the stream: ${told(alone)}`)
    note(`unary calls beside the stream:  ${told(unary)}`)
    note(`resident, caller's and server's proxy: at most ${megabytes(before.peak)} for ${WARM_UP_MESSAGES} messages`)
    note(`at most ${megabytes(peak)} for ${MESSAGES}`)
    const growth = peak.map((bytes, i) => bytes - (before.peak[i] ?? 0))
    hold(
      'memory is flat',
      growth.every((bytes) => bytes < GROWTH_BYTES),
      growth,
    )
  },
}

/** In a process of its own: what it does with its messages is no other call's business. */
async function talk({ env }: Mesh, proxyUrl: string, messages: number): Promise<Talked> {
  const args = [program('talk'), TARGET, `${messages}`]
  const { code, stdout, stderr } = await start(process.execPath, args, { env: { ...env, http_proxy: proxyUrl } })
    .finished
  hold('the conversation ended well', code === 0, [code, stderr])
  return talkedSchema.parse(JSON.parse(stdout))
}

interface Called {
  /** In ascending order, from when each call was due. */
  latenciesMs: number[]
  failed: number
}

/** A hundred unary calls a second, by the clock, until `over`. */
async function callUntil(client: GrpcClient, over: Promise<unknown>): Promise<Called> {
  const called: Called = { latenciesMs: [], failed: 0 }
  const pending = new Set<Promise<void>>()
  const startedAt = performance.now()
  let sent = 0
  const one = async (dueAtMs: number): Promise<void> => {
    try {
      await client.unary(LOOM.Say, 'hello')
      called.latenciesMs.push(performance.now() - dueAtMs)
    } catch {
      called.failed++
    }
  }
  const timer = setInterval(() => {
    for (; (sent * 1_000) / CALLS_PER_SECOND <= performance.now() - startedAt; sent++) {
      const calling = one(startedAt + (sent * 1_000) / CALLS_PER_SECOND).then(() => void pending.delete(calling))
      pending.add(calling)
    }
  }, 1)
  try {
    await over
  } finally {
    clearInterval(timer)
  }
  await Promise.all(pending)
  called.latenciesMs.sort((a, b) => a - b)
  return called
}

/** The most that each proxy has resident from now on. */
class Peak {
  readonly #services: readonly MeshService[]
  readonly #timer: NodeJS.Timeout
  #most: number[] = []

  constructor(services: readonly MeshService[]) {
    this.#services = services
    this.#timer = setInterval(() => void this.#look().catch(() => {}), 250)
  }

  async end(): Promise<number[]> {
    clearInterval(this.#timer)
    await this.#look()
    return this.#most
  }

  async #look(): Promise<void> {
    const now = await Promise.all(this.#services.map((service) => residentBytes(service)))
    this.#most = now.map((bytes, i) => Math.max(bytes, this.#most[i] ?? 0))
  }
}

function told({ latenciesMs }: Called): string {
  const at = (share: number): string =>
    (latenciesMs[Math.ceil(latenciesMs.length * share) - 1] ?? Number.NaN).toFixed(1)
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, slowest ${at(1)} ms of ${latenciesMs.length}`
}

const megabytes = (list: readonly number[]): string =>
  list.map((bytes) => `${(bytes / 1024 ** 2).toFixed(0)} MB`).join(' and ')
