// The proxy as a process of its own, as `heddle run` starts it, for tests.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import type { FakeControl } from './fakeControl.ts'
import type { Home } from './startProxies.ts'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))

export interface Message {
  type: string
  [field: string]: unknown
}

export class ProxyChild implements AsyncDisposable {
  readonly process: ChildProcess
  readonly exited: Promise<number | null>
  readonly #messages: Message[] = []
  #wake: () => void = () => {}
  stderr = ''

  constructor(environment: Record<string, string>, stdio: 'ipc' | 'ignore' = 'ipc') {
    this.process = spawn(process.execPath, [MAIN], {
      env: { PATH: process.env.PATH, ...environment },
      stdio: ['ignore', 'ignore', 'pipe', stdio],
    })
    this.process.stderr?.on('data', (chunk) => {
      this.stderr += String(chunk)
    })
    this.exited = once(this.process, 'exit').then(([code]) => code)
    this.process.on('message', (message: Message) => {
      this.#messages.push(message)
      this.#wake()
    })
  }

  /** The next message, which must be of this type. */
  async next(type: string): Promise<Message> {
    const message = await this.#take()
    expect(message).toMatchObject({ type })
    return message
  }

  async #take(): Promise<Message> {
    while (this.#messages.length === 0) {
      await Promise.race([
        new Promise<void>((resolve) => {
          this.#wake = resolve
        }),
        this.exited.then((code) => Promise.reject(new Error(`it ended with ${code}: ${this.stderr}`))),
      ])
    }
    return this.#messages.shift() ?? { type: '' }
  }

  /** The next message of this type; others before it are passed over. */
  async until(type: string): Promise<Message> {
    for (;;) {
      const message = await this.#take()
      if (message.type === type) return message
    }
  }

  send(message: Message): void {
    this.process.send?.(message)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill('SIGKILL')
    await this.exited
  }
}

export const environmentOf = (home: Home, control: FakeControl, over: Record<string, string> = {}) => ({
  HEDDLE_SERVICE: 'catalog',
  HEDDLE_HOME: home.path,
  HEDDLE_CONTROL: control.url,
  ...over,
})
