// What the outbound side remembers beyond one request: compiled routes, where each split stands, loads and breakers of
// endpoints, retry budgets. Follows the config in force; decides nothing itself.
import type { Clock } from '@heddle/shared/clock'
import type { DestinationDocument, EndpointsDocument, WireEndpoint } from '@heddle/shared/wire/config'
import { Balancer } from '../balance/balancer.ts'
import type { MeshTarget } from '../forward/dial.ts'
import type { MeshView } from '../interfaces.ts'
import { type BudgetSettings, RetryBudget } from '../resilience/budget.ts'
import { compileRoutes, type RouteTable } from '../route/compile.ts'
import { createSplit, type SplitState } from '../route/split.ts'

/** One endpoint as it is called: the same object for as long as the control plane says nothing else of its service. */
export interface Endpoint extends WireEndpoint, MeshTarget {
  /** Where it is, for people. */
  readonly place: string
}

/** Endpoints of one backend as the callers of one destination see them. */
export interface BackendState {
  readonly service: string
  readonly balancer: Balancer<Endpoint>
}

interface Backend extends BackendState {
  readonly version: string | null
  document: EndpointsDocument | undefined
  settings: DestinationDocument['settings']
}

interface Destination extends DestinationState {
  document: DestinationDocument
  routes: RouteTable
  /** By service and version. */
  readonly backends: Map<string, Map<string | null, Backend>>
}

/** Mirrored requests of one destination that are not over yet. */
export interface Copies {
  underWay: number
}

export interface DestinationState {
  readonly document: DestinationDocument
  readonly routes: RouteTable
  readonly budget: RetryBudget
  readonly copies: Copies
  split(key: string): SplitState
  backend(service: string, version: string | null): BackendState
}

export class Destinations {
  readonly #view: MeshView
  readonly #clock: Clock
  readonly #random: () => number
  readonly #share: number
  readonly #known = new Map<string, Destination>()

  /** `share` in (0, 1]: the part of the instance's retry budgets that this process gives out. */
  constructor(view: MeshView, clock: Clock, random: () => number, share: number) {
    this.#view = view
    this.#clock = clock
    this.#random = random
    this.#share = share
  }

  /** @throws Error where the routes cannot be compiled; the view refuses such documents. */
  state(document: DestinationDocument): DestinationState {
    const known = this.#known.get(document.name) ?? this.#begin(document)
    if (known.document !== document) {
      known.routes = compileRoutes(document.routes)
      known.budget.configure(this.#budgetOf(document), this.#clock.monotonic())
      known.document = document
    }
    return known
  }

  /** Instances that are left alone now, and until when (monotonic). */
  ejections(): { instance: string; untilMs: number }[] {
    const now = this.#clock.monotonic()
    const until = new Map<string, number>()
    for (const destination of this.#known.values())
      for (const { balancer } of backendsOf(destination))
        for (const { key, untilMs } of balancer.ejections(now)) {
          const instance = key.split(' ')[0] ?? key
          until.set(instance, Math.max(untilMs, until.get(instance) ?? 0))
        }
    return [...until].map(([instance, untilMs]) => ({ instance, untilMs }))
  }

  /** Our certificate or our roots are other ones now. */
  forgetTlsFailures(): void {
    for (const destination of this.#known.values())
      for (const { balancer } of backendsOf(destination)) balancer.forgetTlsFailures()
  }

  #begin(document: DestinationDocument): Destination {
    const splits = new Map<string, SplitState>()
    const begun: Destination = {
      document,
      routes: compileRoutes(document.routes),
      budget: new RetryBudget(this.#budgetOf(document), this.#clock.monotonic()),
      copies: { underWay: 0 },
      backends: new Map(),
      split: (key) => {
        const known = splits.get(key)
        if (known !== undefined) return known
        const split = createSplit(this.#random())
        splits.set(key, split)
        return split
      },
      backend: (service, version) => this.#backend(begun, service, version),
    }
    this.#known.set(document.name, begun)
    return begun
  }

  /** The percentage is of the requests that come here, so that only what is allowed besides is shared. */
  #budgetOf({ settings: { retryBudget } }: DestinationDocument): BudgetSettings {
    return { ...retryBudget, minPerSecond: retryBudget.minPerSecond * this.#share }
  }

  #backend(destination: Destination, service: string, version: string | null): BackendState {
    const settings = this.#view.destination(service)?.settings ?? destination.document.settings
    let backend = destination.backends.get(service)?.get(version)
    if (backend === undefined) {
      backend = { service, version, balancer: new Balancer(settings), document: undefined, settings }
      const versions = destination.backends.get(service) ?? new Map<string | null, Backend>()
      destination.backends.set(service, versions.set(version, backend))
    } else if (backend.settings !== settings) {
      backend.balancer.configure(settings)
      backend.settings = settings
    }
    const document = this.#view.endpoints(service)
    if (backend.document !== document) {
      backend.document = document
      const endpoints = document?.endpoints.filter((e) => version === null || e.version === version) ?? []
      backend.balancer.replace(
        endpoints.map((endpoint) => ({ key: endpointKey(endpoint), endpoint: endpointOf(service, endpoint) })),
        this.#clock.monotonic(),
      )
    }
    return backend
  }
}

function* backendsOf({ backends }: Destination): Iterable<Backend> {
  for (const versions of backends.values()) yield* versions.values()
}

function endpointOf(service: string, endpoint: WireEndpoint): Endpoint {
  return { ...endpoint, service, place: `${endpoint.address}:${endpoint.port}` }
}

/** A restarted instance on another port is another endpoint: nothing of what was known holds for it. */
function endpointKey(endpoint: WireEndpoint): string {
  return `${endpoint.instance} ${endpoint.address} ${endpoint.port}`
}
