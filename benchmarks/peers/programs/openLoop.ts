// Open loop, in a process of its own: `node openLoop.ts`, its task as JSON on stdin, a line of JSON on stdout. Requests
// are due at a fixed rate whatever becomes of those before; each goes out on a free connection, one at a time on each.
// Latency counts from when a request was due, not from when it could be sent: what waits behind a slow answer is slow too,
// as it is for callers who do not wait for each other (coordinated omission).
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { Worker } from 'node:worker_threads'
import type { Target } from '../generators/generator.ts'
import { latencyOf } from '../latency.ts'
import { dueAtMs, dueBy } from '../schedule.ts'
import { AnswerReader } from './answerReader.ts'
import type { Ticking } from './ticker.ts'

export interface OpenLoopTask extends Target {
  perSecond: number
  connections: number
  seconds: number
}

/** After the last request was due; what has no answer by then has none. */
const PATIENCE_MS = 1_000
const MOST_ERRORS = 1_000

const task: OpenLoopTask = JSON.parse(await text(process.stdin))
const { port, path, headers, perSecond, connections, seconds } = task
const total = Math.round(perSecond * seconds)
const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
const request = Buffer.from(`GET ${path} HTTP/1.1\r\n${fields.join('')}\r\n`)

let sent = 0
let errors = 0
const latencies: number[] = []
const lateness: number[] = []
/** Those that carry no request; the one that was used last comes first. */
const free: Connection[] = []
const { promise: answered, resolve: allAnswered } = Promise.withResolvers<void>()

class Connection {
  readonly #reader = new AnswerReader()
  readonly #socket: Socket
  /** The number of the request in flight; -1: none. */
  #inFlight = -1

  constructor(onOpen: () => void) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true }, onOpen)
    this.#socket.on('data', (chunk: Buffer) => this.#received(chunk))
    this.#socket.on('error', () => {})
    this.#socket.on('close', () => this.#lost())
  }

  send(i: number): void {
    this.#inFlight = i
    this.#socket.write(request)
  }

  close(): void {
    this.#socket.removeAllListeners('close')
    this.#socket.destroy()
  }

  #received(chunk: Buffer): void {
    try {
      const status = this.#reader.read(chunk)
      if (status === 0) return
      if (status === 200) latencies.push((elapsedMs() - dueAtMs(this.#inFlight, perSecond)) * 1_000)
      else errors++
      this.#inFlight = -1
      free.push(this)
      fill()
    } catch {
      this.#socket.destroy()
    }
  }

  #lost(): void {
    if (this.#inFlight >= 0) errors++
    else free.splice(free.indexOf(this), 1)
    if (errors > MOST_ERRORS) allAnswered()
    else {
      const fresh = new Connection(() => {
        free.push(fresh)
        fill()
      })
    }
  }
}

/** Sends what is due on what is free. */
function fill(isTick = false): void {
  const due = dueBy(elapsedMs(), perSecond, total)
  while (sent < due) {
    const connection = free.pop()
    if (connection === undefined) return
    if (isTick) lateness.push((elapsedMs() - dueAtMs(sent, perSecond)) * 1_000)
    connection.send(sent++)
  }
  if (latencies.length + errors >= total) allAnswered()
}

// The connections are opened before the clock starts.
await Promise.all(
  Array.from({ length: connections }, () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const connection = new Connection(resolve)
    free.push(connection)
    return promise
  }),
)
/** The ticker's thread takes that long to start. */
const LEAD_MS = 100
const startAt = process.hrtime.bigint() + BigInt(LEAD_MS * 1e6)
function elapsedMs(): number {
  return Number(process.hrtime.bigint() - startAt) / 1e6
}

const ticker = new Worker(new URL('./ticker.ts', import.meta.url), {
  workerData: { startAt, perSecond, total } satisfies Ticking,
})
ticker.on('message', () => fill(true))
const patience = setTimeout(allAnswered, LEAD_MS + seconds * 1_000 + PATIENCE_MS)
await answered
clearTimeout(patience)
await ticker.terminate()
latencies.sort((a, b) => a - b)
lateness.sort((a, b) => a - b)
process.stdout.write(
  `${JSON.stringify({
    requests: latencies.length,
    errors: total - latencies.length,
    seconds: Math.max(seconds, elapsedMs() / 1_000),
    latency: latencyOf(latencies),
    latencies: latencies.map(Math.round),
    lateness: latencyOf(lateness),
  })}\n`,
)
process.exit(0)
