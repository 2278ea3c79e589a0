// Asks the app behind the proxy whether it takes traffic: a TCP connection, or a GET that must answer 2xx or 3xx.
import { get } from 'node:http'
import { connect } from 'node:net'
import { type AppHealth, afterProbe, pauseMs, UNPROBED } from './appHealth.ts'
import { messageOf } from './startError.ts'

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
    const { failure, wasAsked } = await probe(this.#options.port, this.#options.readyPath)
    if (this.#isEnded) return
    const before = this.#health
    this.#health = afterProbe(before, failure)
    if (before.isReady !== this.#health.isReady || (!this.#health.isReady && before.reason !== this.#health.reason)) {
      this.#options.onChange(this.#health)
    }
    this.#timer = setTimeout(() => void this.#round(), pauseMs(this.#health, wasAsked))
  }
}

export interface Probed {
  /** null where the app is ready, else why not. */
  failure: string | null
  /** Whether anything listened: only then was the app asked. */
  wasAsked: boolean
}

export async function probe(port: number, readyPath: string | null): Promise<Probed> {
  let unasked: string | null = null
  let asked: string | null = null
  for (const address of ADDRESSES) {
    const { failure, wasAsked } = await (readyPath === null
      ? connects(address, port)
      : answers(address, port, readyPath))
    if (failure === null) return { failure, wasAsked }
    if (wasAsked) asked ??= failure
    else unasked ??= failure
  }
  // What the app said of itself tells more than that the other address is not listened on.
  return { failure: asked ?? unasked, wasAsked: asked !== null }
}

function connects(host: string, port: number): Promise<Probed> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: TIMEOUT_MS })
    const done = (failure: string | null) => {
      socket.destroy()
      resolve({ failure, wasAsked: failure === null })
    }
    socket.once('connect', () => done(null))
    socket.once('timeout', () => done(`no connection to port ${port} within 1 s`))
    socket.once('error', (error) => done(messageOf(error)))
  })
}

function answers(host: string, port: number, path: string): Promise<Probed> {
  return new Promise((resolve) => {
    let wasAsked = false
    const done = (failure: string | null) => resolve({ failure, wasAsked })
    const request = get({ host, port, path, agent: false, headers: { host: 'localhost', 'user-agent': 'heddle' } })
    const timer = setTimeout(() => request.destroy(new Error(`no answer to GET ${path} within 1 s`)), TIMEOUT_MS)
    request.once('socket', (socket) =>
      socket.once('connect', () => {
        wasAsked = true
      }),
    )
    request.once('close', () => clearTimeout(timer))
    request.once('error', (error) => done(messageOf(error)))
    request.once('response', (response) => {
      const status = response.statusCode ?? 0
      done(status >= 200 && status < 400 ? null : `GET ${path} answered ${status}`)
      request.destroy()
    })
  })
}
