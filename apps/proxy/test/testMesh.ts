// A mesh of real data paths on port 0 whose config is made by the test: real certificates and sockets, no control plane.
import type { Clock } from '@heddle/shared/clock'
import { systemClock } from '@heddle/shared/clock'
import type {
  DestinationDocument,
  EndpointsDocument,
  InboundDocument,
  MeshDocument,
  WireDocument,
} from '@heddle/shared/wire/config'
import { documentName } from '@heddle/shared/wire/config'
import { createAuthority, type Leaf, seededRandom, type TestAuthority } from '@heddle/testkit'
import { readLeaf } from '../src/identity/leaf.ts'
import type {
  FinishedRequest,
  IdentitySource,
  MeshView,
  PeerCertificateFacts,
  PeerIdentity,
  SeriesLabels,
  Telemetry,
  TlsMaterial,
} from '../src/interfaces.ts'
import { createDataPath, type DataPath, type DataPathSettings } from '../src/path/dataPath.ts'
import { destinationDocument, inboundDocument, meshDocument } from './documents.ts'
import { rememberingLog } from './silentLog.ts'

/** The config of everybody, as one control plane would have it. */
export class TestConfig {
  readonly documents = new Map<string, WireDocument>()
  readonly #listeners = new Set<(changed: ReadonlySet<string>) => void>()

  set(...documents: WireDocument[]): void {
    for (const document of documents) this.documents.set(documentName(document), document)
    const changed = new Set(documents.map(documentName))
    for (const listener of this.#listeners) listener(changed)
  }

  mesh(change: (mesh: MeshDocument) => MeshDocument): void {
    const mesh = this.documents.get('mesh')
    if (mesh?.kind === 'mesh') this.set(change(mesh))
  }

  view(service: string): MeshView {
    const { documents } = this
    const listeners = this.#listeners
    const destination = (name: string): DestinationDocument | undefined => {
      const document = documents.get(`destination/${name}`)
      return document?.kind === 'destination' ? document : undefined
    }
    return {
      service,
      get mesh(): MeshDocument | null {
        const document = documents.get('mesh')
        return document?.kind === 'mesh' ? document : null
      },
      get inbound(): InboundDocument | null {
        const document = documents.get(`inbound/${service}`)
        return document?.kind === 'inbound' ? document : null
      },
      destination,
      endpoints: (name): EndpointsDocument | undefined => {
        const document = documents.get(`endpoints/${name}`)
        return document?.kind === 'endpoints' ? document : undefined
      },
      allEndpoints: () => [...documents.values()].filter((document) => document.kind === 'endpoints'),
      resolve: async (name) => destination(name),
      onChange: (listener) => {
        listeners.add(listener)
        return { [Symbol.dispose]: () => listeners.delete(listener) }
      },
    }
  }
}

export class TestIdentity implements IdentitySource {
  readonly #clock: Clock
  readonly #changed = new Set<(material: TlsMaterial) => void>()
  readonly #revoked = new Set<(isRevoked: (peer: PeerIdentity) => boolean) => void>()
  readonly revokedServices = new Set<string>()
  #material: TlsMaterial

  constructor(leaf: Leaf, authority: TestAuthority, clock: Clock, notAfter: number) {
    this.#clock = clock
    this.#material = {
      generation: 1,
      key: leaf.key,
      chain: leaf.chain,
      roots: [authority.root],
      trustDomain: authority.trustDomain,
      notAfter,
    }
  }

  current(): TlsMaterial {
    return this.#material
  }

  replace(change: Partial<TlsMaterial>): void {
    this.#material = { ...this.#material, ...change, generation: this.#material.generation + 1 }
    for (const listener of this.#changed) listener(this.#material)
  }

  revoke(service: string): void {
    this.revokedServices.add(service)
    for (const listener of this.#revoked) listener((peer) => this.revokedServices.has(peer.service))
  }

  onChange(listener: (material: TlsMaterial) => void): Disposable {
    this.#changed.add(listener)
    return { [Symbol.dispose]: () => this.#changed.delete(listener) }
  }

  onRevoked(listener: (isRevoked: (peer: PeerIdentity) => boolean) => void): Disposable {
    this.#revoked.add(listener)
    return { [Symbol.dispose]: () => this.#revoked.delete(listener) }
  }

  verifyPeer({ raw }: PeerCertificateFacts): PeerIdentity | { refused: string } {
    const leaf = readLeaf(raw, this.#material.trustDomain, this.#clock.now())
    if ('refused' in leaf) return leaf
    if (leaf.identity.kind !== 'service') return { refused: 'no workload' }
    const { service } = leaf.identity
    if (this.revokedServices.has(service)) return { refused: `${service} was revoked` }
    return { service, spiffeId: leaf.spiffeId, instance: leaf.instance, notAfter: leaf.notAfter, hash: leaf.hash }
  }
}

export class TestTelemetry implements Telemetry {
  readonly requests: FinishedRequest[] = []
  readonly hits: { rule: string; source: string; verdict: string }[] = []
  readonly events: { name: string; fields: Record<string, string | number> }[] = []
  readonly carried: { side: string; bytesIn: number; bytesOut: number }[] = []
  readonly open = { outbound: 0, inbound: 0 }
  readonly gauges = { outbound: 0, inbound: 0 }

  finished(request: FinishedRequest): void {
    this.requests.push({ ...request })
  }
  moved(labels: SeriesLabels, bytesIn: number, bytesOut: number): void {
    this.carried.push({ side: labels.side, bytesIn, bytesOut })
  }
  connectionsOpen({ side }: SeriesLabels, change: 1 | -1): void {
    this.open[side] += change
  }
  ruleHit(rule: string, source: string, verdict: string): void {
    this.hits.push({ rule, source, verdict })
  }
  inFlight(side: 'outbound' | 'inbound', change: 1 | -1): void {
    this.gauges[side] += change
  }
  event(name: string, fields: Record<string, string | number>): void {
    this.events.push({ name, fields })
  }
}

export interface TestNode extends AsyncDisposable {
  service: string
  instance: string
  path: DataPath
  identity: TestIdentity
  telemetry: TestTelemetry
  log: ReturnType<typeof rememberingLog>
  outbound: number
  /** -1 for a client only. */
  inbound: number
  publicPort: number | null
  /** In the order of the options. */
  upstreams: readonly number[]
}

export interface NodeOptions extends Partial<DataPathSettings> {
  appPort?: number | null
  /** Other than what an instance of this service would get. */
  leaf?: Leaf
  notAfter?: number
  clock?: Clock
}

export interface TestMesh extends AsyncDisposable {
  authority: TestAuthority
  config: TestConfig
  start(service: string, options?: NodeOptions): Promise<TestNode>
  /** Makes these nodes the endpoints of their services, all other instances go. */
  publish(...nodes: TestNode[]): void
}

export async function startTestMesh(): Promise<TestMesh> {
  const authority = await createAuthority()
  const config = new TestConfig()
  config.set(meshDocument([authority.root]))
  const nodes: TestNode[] = []
  return {
    authority,
    config,
    start: async (service, options = {}) => {
      const version = options.version ?? 'v1'
      const instance = options.instance ?? `${service}-${version}-${nodes.length}`
      const clock = options.clock ?? systemClock
      const leaf = options.leaf ?? (await authority.service(service, { instance }))
      const identity = new TestIdentity(leaf, authority, clock, options.notAfter ?? clock.now() + 86_400_000)
      const telemetry = new TestTelemetry()
      const log = rememberingLog()
      if (!config.documents.has(`inbound/${service}`)) config.set(inboundDocument(service))
      if (!config.documents.has(`destination/${service}`)) config.set(destinationDocument(service))
      const path = createDataPath({
        view: config.view(service),
        identity,
        telemetry,
        clock,
        random: seededRandom(nodes.length + 1),
        log,
        settings: {
          outboundPort: 0,
          inboundPort: 0,
          publicPort: null,
          listenAddress: '127.0.0.1',
          ...options,
          service,
          version,
          instance,
          appPort: options.appPort ?? null,
        },
      })
      const ports = await path.listen()
      const node: TestNode = {
        service,
        instance,
        path,
        identity,
        telemetry,
        log,
        outbound: ports.outbound,
        inbound: ports.inbound ?? -1,
        publicPort: ports.public,
        upstreams: ports.upstreams,
        [Symbol.asyncDispose]: () => path.close(),
      }
      nodes.push(node)
      return node
    },
    publish: (...published) => {
      const services = new Set(published.map((node) => node.service))
      config.set(
        ...[...services].map((service) => ({
          kind: 'endpoints' as const,
          service,
          endpoints: published
            .filter((node) => node.service === service && node.inbound !== -1)
            .map((node) => ({
              instance: node.instance,
              version: /-(v\d+)-/.exec(node.instance)?.[1] ?? 'v1',
              address: '127.0.0.1',
              port: node.inbound,
            })),
        })),
      )
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(nodes.map((node) => node.path.close()))
    },
  }
}
