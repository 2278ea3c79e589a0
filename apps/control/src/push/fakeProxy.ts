// A proxy's side of a push session, for tests: no socket, answers when it is told to.
import { documentName, type WireDocument } from '@heddle/shared/wire/config'
import { downMessageSchema } from '@heddle/shared/wire/messages'
import type { Numbered } from './frames.ts'
import type { PushHub } from './hub.ts'
import { PushSession } from './session.ts'

/** A proxy that applies what it is sent as the protocol demands, and answers when the test says so. */
export class FakeProxy {
  readonly held = new Map<string, WireDocument>()
  readonly session: PushSession
  revision: number | null = null
  frames: { type: string; names: string[]; removed: string[] }[] = []
  #unanswered: { epoch: number; revision: number; apply: () => void }[] = []

  constructor(instance: string, of: string, hostId = 'host', heldBefore: Numbered | null = null) {
    this.revision = heldBefore?.revision ?? null
    this.session = new PushSession(
      { instance, service: of, version: 'v1', hostId, build: 'test', connectedSince: 0 },
      true,
      (frame) => this.#receive(frame),
      () => {},
      heldBefore,
    )
  }

  #receive(frame: Buffer): void {
    const message = downMessageSchema.parse(JSON.parse(frame.toString()))
    if (message.type !== 'snapshot' && message.type !== 'delta') throw new Error(`unexpected ${message.type}`)
    const removed = message.type === 'delta' ? message.removed : []
    if (message.type === 'delta' && message.base !== this.revision)
      throw new Error(`a delta from ${message.base} for a proxy that holds ${this.revision}`)
    this.frames.push({ type: message.type, names: message.documents.map(documentName).sort(), removed })
    this.#unanswered.push({
      epoch: message.epoch,
      revision: message.revision,
      apply: () => {
        if (message.type === 'snapshot') this.held.clear()
        for (const document of message.documents) this.held.set(documentName(document), document)
        for (const name of removed) this.held.delete(name)
        this.revision = message.revision
      },
    })
  }

  ack(hub: PushHub): void {
    const message = this.#unanswered.shift()
    if (message === undefined) throw new Error('nothing to acknowledge')
    message.apply()
    hub.acknowledged(this.session, message)
  }
  nack(hub: PushHub): void {
    const message = this.#unanswered.shift()
    if (message === undefined) throw new Error('nothing to refuse')
    hub.refused(this.session, message, 'invalid')
  }
  get unanswered(): number {
    return this.#unanswered.length
  }
  takeFrames() {
    return this.frames.splice(0)
  }
}
