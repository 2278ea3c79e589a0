// The process that started this proxy, over Node's IPC channel: `heddle run`. What it says is checked like anything
// else that comes from outside. Without a channel there is no parent, and signals alone decide.
import { z } from 'zod'
import type { Ports } from '../state/stateDirectory.ts'
import { EXIT, StartError } from './startError.ts'

const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('token'), token: z.string() }),
  z.object({ type: z.literal('token_failed'), message: z.string() }),
  /** The app is about to be ended: leave the registry and finish what is in flight. */
  z.object({ type: z.literal('drain') }),
  /** The app has ended: nothing is needed of the proxy any more. */
  z.object({ type: z.literal('stop') }),
  /** The app's process group, to be ended should the parent vanish. */
  z.object({ type: z.literal('app'), pid: z.int().min(2) }),
])

export type ToParent =
  | { type: 'need_token'; service: string }
  | { type: 'ready'; instance: string; isNew: boolean; ports: Ports }
  | { type: 'app_health'; isReady: boolean; reason: string | null }
  | { type: 'failed'; message: string; exitCode: number }
  | { type: 'drained' }

export interface ParentEvents {
  onDrain: () => void
  onStop: () => void
  /** The channel is gone: the parent has ended, however it ended. */
  onGone: () => void
}

export class Parent {
  /** The app's process group, once known. */
  appGroup: number | null = null
  #token = Promise.withResolvers<string>()
  #events: ParentEvents | undefined
  #missed: (keyof ParentEvents)[] = []

  /** Undefined where this process was not started with a channel. */
  static ofThisProcess(): Parent | undefined {
    return process.send === undefined ? undefined : new Parent()
  }

  private constructor() {
    this.#token.promise.catch(() => {})
    process.on('message', (message) => this.#received(message))
    process.on('disconnect', () => {
      this.#token.reject(new StartError(EXIT.failure, 'the process that started this proxy has ended'))
      this.#emit('onGone')
    })
  }

  get isConnected(): boolean {
    return process.connected
  }

  /** From now on `events` are called, and at once for what has already happened. */
  listen(events: ParentEvents): void {
    this.#events = events
    for (const event of this.#missed.splice(0)) events[event]()
  }

  /** Resolves when the message was handed over, or could not be. */
  send(message: ToParent): Promise<void> {
    return new Promise((resolve) => {
      if (!process.connected || process.send === undefined) resolve()
      else process.send(message, () => resolve())
    })
  }

  /** Asks for a join token. Rejects with a StartError where there is none. */
  async requestToken(service: string): Promise<string> {
    await this.send({ type: 'need_token', service })
    return this.#token.promise
  }

  #received(value: unknown): void {
    const parsed = messageSchema.safeParse(value)
    if (!parsed.success) return
    const message = parsed.data
    switch (message.type) {
      case 'token':
        this.#token.resolve(message.token)
        return
      case 'token_failed':
        this.#token.reject(new StartError(EXIT.refused, message.message))
        return
      case 'drain':
        this.#emit('onDrain')
        return
      case 'stop':
        this.#emit('onStop')
        return
      case 'app':
        this.appGroup = message.pid
    }
  }

  #emit(event: keyof ParentEvents): void {
    if (this.#events === undefined) this.#missed.push(event)
    else this.#events[event]()
  }
}
