// The config in force. One message of the control plane is one swap: either all of it holds from now on, or nothing
// changed. What is held stays until something newer replaces it, however long the control plane is away.
import {
  type DestinationDocument,
  documentName,
  documentSchema,
  type EndpointsDocument,
  type InboundDocument,
  type MeshDocument,
  type WireDocument,
} from '@heddle/shared/wire/config'
import type { DownMessage } from '@heddle/shared/wire/messages'
import { z } from 'zod'
import type { Log, MeshView } from '../interfaces.ts'
import { messageOf } from '../lifecycle/startError.ts'
import { judgeDelta, judgeSnapshot, type Position, type Verdict } from './acceptance.ts'
import { Subscriptions } from './subscriptions.ts'
import { unusable } from './usable.ts'

/** Names that the control plane has denied; an app that calls random hosts must not fill our memory. */
export const MOST_DENIED_NAMES = 1_000

export type ConfigMessage = Extract<DownMessage, { type: 'snapshot' | 'delta' }>

export const storedConfigSchema = z.object({
  epoch: z.int().min(0),
  revision: z.int().min(0),
  documents: z.array(documentSchema),
})
export type StoredConfig = z.infer<typeof storedConfigSchema>

type Follower = (message: ConfigMessage) => Promise<void>

/** A document beside its text: equal texts mean that nothing changed, and that the object in use may stay. */
interface Held {
  document: WireDocument
  text: string
}

interface View {
  mesh: MeshDocument | null
  inbound: InboundDocument | null
  readonly destinations: Map<string, DestinationDocument>
  readonly endpoints: Map<string, EndpointsDocument>
}

export class ConfigStore implements MeshView {
  readonly service: string
  readonly #log: Log
  readonly #subscriptions: Subscriptions
  readonly #listeners = new Set<(changed: ReadonlySet<string>) => void>()
  readonly #followers = new Set<Follower>()
  #followed: Promise<unknown> | null = null
  #held: Map<string, Held> = new Map()
  /** Of what is held, what requests ask for, by the names that they ask with. */
  #view: View = viewOf([], '')
  #position: Position | null = null

  /** `subscribe` asks the control plane for destinations, if it is there. */
  constructor(service: string, subscribe: (names: string[]) => void, log: Log) {
    this.service = service
    this.#log = log
    this.#subscriptions = new Subscriptions(subscribe)
  }

  get position(): Position | null {
    return this.#position
  }

  get mesh(): MeshDocument | null {
    return this.#view.mesh
  }

  get inbound(): InboundDocument | null {
    return this.#view.inbound
  }

  destination(name: string): DestinationDocument | undefined {
    return this.#view.destinations.get(name)
  }

  endpoints(service: string): EndpointsDocument | undefined {
    return this.#view.endpoints.get(service)
  }

  allEndpoints(): EndpointsDocument[] {
    return [...this.#view.endpoints.values()]
  }

  async resolve(name: string, timeoutMs: number): Promise<DestinationDocument | undefined> {
    const held = this.destination(name)
    if (held !== undefined) return held
    await this.#subscriptions.wait(name, timeoutMs)
    return this.destination(name)
  }

  onChange(listener: (changed: ReadonlySet<string>) => void): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) }
  }

  /** Called with each message that was put into force: whoever holds what we hold can follow with it. */
  onApplied(follower: Follower): Disposable {
    this.#followers.add(follower)
    return { [Symbol.dispose]: () => this.#followers.delete(follower) }
  }

  /** Calls back once everybody who follows has the last message too: at once where nobody does. */
  whenFollowed(then: () => void): void {
    if (this.#followed === null) then()
    else void this.#followed.then(then)
  }

  /** Names for a hello: what is held and what somebody asked for in vain, at most 10,000. */
  wants(): string[] {
    const held = [...this.#held.keys()].filter((name) => name.startsWith('destination/'))
    return [...new Set([...held, ...this.#subscriptions.unanswered()])].slice(0, 10_000)
  }

  /** Judges a message by what is held and, if it may be, puts it into force. Throws nothing. */
  apply(message: ConfigMessage): Verdict {
    const verdict =
      message.type === 'snapshot'
        ? judgeSnapshot(this.#position, message)
        : judgeDelta(this.#position, message, message.base)
    if (!verdict.apply) return verdict
    const refused = unusable(message.documents)
    if (refused !== undefined) return { apply: false, refused }
    const next: Map<string, Held> = message.type === 'snapshot' ? new Map() : new Map(this.#held)
    for (const document of message.documents) {
      const name = documentName(document)
      const text = JSON.stringify(document)
      const before = this.#held.get(name)
      // Deleted first: the order of the map is the age of what it holds.
      next.delete(name)
      next.set(name, before?.text === text ? before : { document, text })
    }
    if (message.type === 'delta') for (const name of message.removed) next.delete(name)
    this.#swap(next, { epoch: message.epoch, revision: message.revision })
    if (this.#followers.size > 0) this.#followed = Promise.all(Array.from(this.#followers, (follow) => follow(message)))
    return verdict
  }

  /** Takes what was kept on disk, before the control plane has spoken. */
  restore({ epoch, revision, documents }: StoredConfig): Verdict {
    return this.apply({ type: 'snapshot', epoch, revision, documents })
  }

  /** What `restore` takes; null where nothing is held yet. */
  stored(): StoredConfig | null {
    return this.#position && { ...this.#position, documents: Array.from(this.#held.values(), (held) => held.document) }
  }

  /** The same as JSON text. */
  serialize(): string | null {
    if (this.#position === null) return null
    const { epoch, revision } = this.#position
    const documents = Array.from(this.#held.values(), ({ text }) => text).join(',\n')
    return `{"epoch":${epoch},"revision":${revision},"documents":[\n${documents}\n]}`
  }

  #swap(next: Map<string, Held>, position: Position): void {
    forgetOldestDenied(next)
    const changed = new Set<string>()
    for (const [name, held] of next) if (this.#held.get(name) !== held) changed.add(name)
    for (const name of this.#held.keys()) if (!next.has(name)) changed.add(name)
    this.#held = next
    this.#view = viewOf(next.values(), this.service)
    this.#position = position
    this.#subscriptions.answered((name) => next.has(`destination/${name}`))
    if (changed.size === 0) return
    for (const listener of this.#listeners) {
      try {
        listener(changed)
      } catch (error) {
        // One listener's defect must not keep the others, or the acknowledgement, from the new config.
        this.#log.error('a listener failed on new config', { reason: messageOf(error) })
      }
    }
  }
}

function viewOf(held: Iterable<Held>, service: string): View {
  const view: View = { mesh: null, inbound: null, destinations: new Map(), endpoints: new Map() }
  for (const { document } of held)
    switch (document.kind) {
      case 'mesh':
        view.mesh = document
        break
      case 'inbound':
        if (document.service === service) view.inbound = document
        break
      case 'destination':
        view.destinations.set(document.name, document)
        break
      case 'endpoints':
        view.endpoints.set(document.service, document)
        break
    }
  return view
}

function forgetOldestDenied(held: Map<string, Held>): void {
  const denied: string[] = []
  for (const [name, { document }] of held) {
    if (document.kind === 'destination' && document.service === null) denied.push(name)
  }
  for (const name of denied.slice(0, Math.max(0, denied.length - MOST_DENIED_NAMES))) held.delete(name)
}
