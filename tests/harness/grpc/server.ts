// A server of gRPC that knows nothing of the mesh, on grpc-js: `node server.ts PORT NAME`.
//   Say         "<NAME>: <text>", with the caller's metadata x-ask and x-ask-bin as x-answer…, and in the trailers as x-trail…
//   Fail        ends with the status and the message of its text, {"code", "details"}
//   Flaky       UNAVAILABLE at the first call with a text, then how often it was called with that
//   Hang        never answers
//   Hung        how many calls of Hang were cancelled so far
//   SetServing  "true" or "false": what the health service says of the Loom
//   Count       as many messages as its text says: "0", "1", …
//   Sum         "<messages> messages of <characters>"
//   Talk        every message again, none taken before the last one is out of the way
// Beside it the health service: of "" it is always serving.
import { once } from 'node:events'
import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js'
import { z } from 'zod'
import { HEALTH, type HealthRequest, type HealthResponse, SERVING_STATUS } from './health.ts'
import { LOOM, LOOM_NAME } from './loom.ts'

type Answer = sendUnaryData<string>
type Unary = ServerUnaryCall<string, string>

const [port = '0', name = 'server'] = process.argv.slice(2)
const failureSchema = z.object({ code: z.number(), details: z.string() })

const calls = new Map<string, number>()
let hung = 0
let isServing = true
const watching = new Set<() => void>()

/** The caller's metadata x-ask…, under other names. */
function given(call: Unary, prefix: string): Metadata {
  const metadata = new Metadata()
  for (const value of call.metadata.get('x-ask')) metadata.add(prefix, value)
  for (const value of call.metadata.get('x-ask-bin')) metadata.add(`${prefix}-bin`, value)
  return metadata
}

const loom = {
  Say(call: Unary, answer: Answer): void {
    call.sendMetadata(given(call, 'x-answer'))
    answer(null, `${name}: ${call.request}`, given(call, 'x-trail'))
  },
  Fail(call: Unary, answer: Answer): void {
    answer(failureSchema.parse(JSON.parse(call.request)))
  },
  Flaky(call: Unary, answer: Answer): void {
    const n = (calls.get(call.request) ?? 0) + 1
    calls.set(call.request, n)
    if (n === 1) answer({ code: status.UNAVAILABLE, details: 'not yet' })
    else answer(null, `${n}`)
  },
  Hang(call: Unary): void {
    call.on('cancelled', () => {
      hung++
    })
  },
  Hung(_call: Unary, answer: Answer): void {
    answer(null, `${hung}`)
  },
  SetServing(call: Unary, answer: Answer): void {
    isServing = call.request === 'true'
    for (const tell of watching) tell()
    answer(null, call.request)
  },
  async Count(call: ServerWritableStream<string, string>): Promise<void> {
    for (let i = 0; i < Number(call.request); i++) if (!call.write(`${i}`)) await once(call, 'drain')
    call.end()
  },
  async Sum(call: ServerReadableStream<string, string>, answer: Answer): Promise<void> {
    let [messages, characters] = [0, 0]
    for await (const text of call) {
      messages++
      characters += text.length
    }
    answer(null, `${messages} messages of ${characters}`)
  },
  // By events: iterating over its duplex streams gives nothing.
  Talk(call: ServerDuplexStream<string, string>): void {
    call.on('data', (text: string) => {
      if (call.write(text)) return
      call.pause()
      call.once('drain', () => call.resume())
    })
    call.on('end', () => call.end())
  },
}

const servingOf = (service: string): number | undefined => {
  if (service === '') return SERVING_STATUS.serving
  if (service !== LOOM_NAME) return undefined
  return isServing ? SERVING_STATUS.serving : SERVING_STATUS.notServing
}

const health = {
  Check(call: ServerUnaryCall<HealthRequest, HealthResponse>, answer: sendUnaryData<HealthResponse>): void {
    const { service } = call.request
    const serving = servingOf(service)
    if (serving === undefined) answer({ code: status.NOT_FOUND, details: `no service "${service}"` })
    else answer(null, { status: serving })
  },
  Watch(call: ServerWritableStream<HealthRequest, HealthResponse>): void {
    const tell = (): void =>
      void call.write({ status: servingOf(call.request.service) ?? SERVING_STATUS.serviceUnknown })
    watching.add(tell)
    call.on('cancelled', () => watching.delete(tell))
    tell()
  },
}

const server = new Server({ 'grpc.max_receive_message_length': -1 })
server.addService(LOOM, loom)
server.addService(HEALTH, health)
server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error) => {
  if (error) throw error
})
process.on('SIGTERM', () => server.forceShutdown())
