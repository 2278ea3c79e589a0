// Asks the app behind the proxy whether it takes traffic: a TCP connection, or a GET that must answer 2xx or 3xx.
import { get } from 'node:http'
import { connect } from 'node:net'
import { type AppHealth, afterProbe, UNPROBED } from './appHealth.ts'
import { messageOf } from './startError.ts'

/** While it starts, the app is asked more often: `heddle run` should not wait for a second that has not passed. */
const STARTING_MS = 100
const INTERVAL_MS = 1_000
const TIMEOUT_MS = 1_000
/** Development servers often listen on ::1 alone. */
const ADDRESSES = ['127.0.0.1', '::1'] as const

export interface AppProbeOptions {
  port: number
  /** null: a TCP connection suffices. */
  readyPath: string | null
  /** Called when readiness changed, and when the reason for not being ready did. */
  onChange: (health: AppHealth) => void
}

export class AppProbe implements Disposable {
  readonly #options: AppProbeOptions
  #health = UNPROBED
  #timer: NodeJS.Timeout | undefined
  #isEnded = false

  constructor(options: AppProbeOptions) {
    this.#options = options
  }

  start(): void {
    void this.#round()
  }

  [Symbol.dispose](): void {
    this.#isEnded = true
    clearTimeout(this.#timer)
  }

  async #round(): Promise<void> {
    const failure = await probe(this.#options.port, this.#options.readyPath)
    if (this.#isEnded) return
    const before = this.#health
    this.#health = afterProbe(before, failure)
    if (before.isReady !== this.#health.isReady || (!this.#health.isReady && before.reason !== this.#health.reason)) {
      this.#options.onChange(this.#health)
    }
    this.#timer = setTimeout(() => void this.#round(), this.#health.isReady ? INTERVAL_MS : STARTING_MS)
  }
}

/** null where the app is ready, else why not. */
export async function probe(port: number, readyPath: string | null): Promise<string | null> {
  let first: string | null = null
  for (const address of ADDRESSES) {
    const failure = await (readyPath === null ? connects(address, port) : answers(address, port, readyPath))
    if (failure === null) return null
    first ??= failure
  }
  return first
}

function connects(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: TIMEOUT_MS })
    const done = (failure: string | null) => {
      socket.destroy()
      resolve(failure)
    }
    socket.once('connect', () => done(null))
    socket.once('timeout', () => done(`no connection to port ${port} within 1 s`))
    socket.once('error', (error) => done(messageOf(error)))
  })
}

function answers(host: string, port: number, path: string): Promise<string | null> {
  return new Promise((resolve) => {
    const request = get({ host, port, path, agent: false, headers: { host: 'localhost', 'user-agent': 'heddle' } })
    const timer = setTimeout(() => request.destroy(new Error(`no answer to GET ${path} within 1 s`)), TIMEOUT_MS)
    request.once('close', () => clearTimeout(timer))
    request.once('error', (error) => resolve(messageOf(error)))
    request.once('response', (response) => {
      const status = response.statusCode ?? 0
      resolve(status >= 200 && status < 400 ? null : `GET ${path} answered ${status}`)
      request.destroy()
    })
  })
}
