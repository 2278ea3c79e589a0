// The resources and the registry in memory, indexed so that a change finds the documents it touches without a walk
// over the mesh. It only keeps: who loads and when is the registry's business, what is sent is push's.
import { derivedName } from '@heddle/shared/names'
import {
  type AccessRule,
  type MeshPolicy,
  meshPolicy,
  type Resource,
  type ResourceRef,
  type Route,
  refOf,
  type Service,
} from '@heddle/shared/resources/index'
import {
  destinationName,
  endpointsName,
  inboundName,
  MESH_DOCUMENT,
  parentsOf,
  referencesOf,
  resourceKey,
} from './affected.ts'
import { type InstanceInForce, isSameInstance, type MeshModel, type RouteInForce } from './model.ts'
import { into, outOf } from './nestedMaps.ts'

export interface ResourceInForce {
  resource: Resource
  createdAt: number
}

interface DerivedName {
  service: string
  version: string
  isStored: boolean
  instances: number
}

export class MeshIndex implements MeshModel {
  readonly trustDomain: string
  roots: readonly string[] = []
  policy: MeshPolicy = meshPolicy(undefined)
  readonly #resources = new Map<string, ResourceInForce>()
  readonly #services = new Map<string, Service>()
  readonly #routes = new Map<string, Map<string, RouteInForce>>()
  readonly #rules = new Map<string, Map<string, AccessRule>>()
  readonly #instances = new Map<string, InstanceInForce>()
  readonly #instancesOf = new Map<string, Map<string, InstanceInForce>>()
  /** Derived name → its service and version: it is one while it is stored as a name or an instance has it. */
  readonly #derived = new Map<string, DerivedName>()
  /** Name of a backend → services whose routes name it, with the number of those routes. */
  readonly #referrers = new Map<string, Map<string, number>>()

  constructor(trustDomain: string) {
    this.trustDomain = trustDomain
  }

  service(name: string): Service | undefined {
    return this.#services.get(name)
  }
  routesOf(service: string): RouteInForce[] {
    return [...(this.#routes.get(service)?.values() ?? [])]
  }
  rulesOf(service: string): AccessRule[] {
    return [...(this.#rules.get(service)?.values() ?? [])]
  }
  instancesOf(service: string): InstanceInForce[] {
    return [...(this.#instancesOf.get(service)?.values() ?? [])]
  }
  derived(name: string): { service: string; version: string } | undefined {
    return this.#derived.get(name)
  }
  instance(id: string): InstanceInForce | undefined {
    return this.#instances.get(id)
  }
  instances(): IterableIterator<InstanceInForce> {
    return this.#instances.values()
  }
  /** The service that a rule is about. */
  ruleTarget(rule: string): string | undefined {
    const resource = this.#resources.get(resourceKey({ kind: 'AccessRule', name: rule }))?.resource
    return resource?.kind === 'AccessRule' ? resource.spec.target.service : undefined
  }

  /** Puts a resource in force; returns the names of documents that may differ now. */
  setResource(next: ResourceInForce): Set<string> {
    const affected = this.removeResource(refOf(next.resource))
    this.#resources.set(resourceKey(refOf(next.resource)), next)
    const { resource } = next
    switch (resource.kind) {
      case 'Service':
        this.#services.set(resource.metadata.name, resource)
        this.#touchService(resource.metadata.name, affected)
        break
      case 'HTTPRoute':
      case 'GRPCRoute':
        this.#linkRoute(resource, next.createdAt, affected)
        break
      case 'AccessRule':
        into(this.#rules, resource.spec.target.service).set(resource.metadata.name, resource)
        affected.add(inboundName(resource.spec.target.service))
        break
      case 'MeshSettings':
        this.#setPolicy(meshPolicy(resource), affected)
        break
    }
    return affected
  }

  removeResource(ref: ResourceRef): Set<string> {
    const affected = new Set<string>()
    const key = resourceKey(ref)
    const resource = this.#resources.get(key)?.resource
    if (resource === undefined) return affected
    this.#resources.delete(key)
    switch (resource.kind) {
      case 'Service':
        this.#services.delete(resource.metadata.name)
        this.#touchService(resource.metadata.name, affected)
        break
      case 'HTTPRoute':
      case 'GRPCRoute':
        this.#unlinkRoute(resource, affected)
        break
      case 'AccessRule':
        outOf(this.#rules, resource.spec.target.service, resource.metadata.name)
        affected.add(inboundName(resource.spec.target.service))
        break
      case 'MeshSettings':
        this.#setPolicy(meshPolicy(undefined), affected)
        break
    }
    return affected
  }

  setInstance(next: InstanceInForce): Set<string> {
    const affected = new Set<string>()
    const before = this.#instances.get(next.instance)
    if (before !== undefined && isSameInstance(before, next)) return affected
    if (before !== undefined) this.#dropInstance(before, affected)
    this.#instances.set(next.instance, next)
    into(this.#instancesOf, next.service).set(next.instance, next)
    this.#derivedOf(next.service, next.version, affected).instances++
    affected.add(endpointsName(next.service))
    return affected
  }

  removeInstance(id: string): Set<string> {
    const affected = new Set<string>()
    const before = this.#instances.get(id)
    if (before !== undefined) this.#dropInstance(before, affected)
    return affected
  }

  /** The derived names that are stored: they outlive their instances while routes send requests to them. */
  setDerivedNames(names: Iterable<{ service: string; version: string }>): Set<string> {
    const affected = new Set<string>()
    const stored = new Set<DerivedName>()
    for (const { service, version } of names) {
      const derived = this.#derivedOf(service, version, affected)
      derived.isStored = true
      stored.add(derived)
    }
    for (const [name, derived] of this.#derived) {
      if (!stored.has(derived)) derived.isStored = false
      this.#dropDerivedIfUnused(name, affected)
    }
    return affected
  }

  setRoots(roots: readonly string[]): Set<string> {
    this.roots = roots
    return new Set([MESH_DOCUMENT])
  }

  #dropInstance(before: InstanceInForce, affected: Set<string>): void {
    this.#instances.delete(before.instance)
    outOf(this.#instancesOf, before.service, before.instance)
    affected.add(endpointsName(before.service))
    const name = derivedName(before.service, before.version)
    const derived = this.#derived.get(name)
    if (derived !== undefined) derived.instances--
    this.#dropDerivedIfUnused(name, affected)
  }

  #derivedOf(service: string, version: string, affected: Set<string>): DerivedName {
    const name = derivedName(service, version)
    let derived = this.#derived.get(name)
    if (derived === undefined) {
      derived = { service, version, isStored: false, instances: 0 }
      this.#derived.set(name, derived)
      this.#touchName(name, affected)
    }
    return derived
  }

  #dropDerivedIfUnused(name: string, affected: Set<string>): void {
    const derived = this.#derived.get(name)
    if (derived === undefined || derived.isStored || derived.instances > 0) return
    this.#derived.delete(name)
    this.#touchName(name, affected)
  }

  #setPolicy(next: MeshPolicy, affected: Set<string>): void {
    affected.add(MESH_DOCUMENT)
    if (next.defaultAccess !== this.policy.defaultAccess)
      for (const service of this.#services.keys()) affected.add(inboundName(service))
    this.policy = next
  }

  /** A service's settings are in the documents of its derived names too. */
  #touchService(service: string, affected: Set<string>): void {
    affected.add(inboundName(service))
    this.#touchName(service, affected)
    for (const { version } of this.#instancesOf.get(service)?.values() ?? [])
      affected.add(destinationName(derivedName(service, version)))
  }

  /** A name began or ceased to be something: what calls it and what sends requests to it. */
  #touchName(name: string, affected: Set<string>): void {
    affected.add(destinationName(name))
    for (const parent of this.#referrers.get(name)?.keys() ?? []) {
      affected.add(destinationName(parent))
      affected.add(inboundName(parent))
    }
  }

  #linkRoute(resource: Route, createdAt: number, affected: Set<string>): void {
    const key = resourceKey(refOf(resource))
    for (const parent of parentsOf(resource)) {
      into(this.#routes, parent).set(key, { resource, createdAt })
      affected.add(destinationName(parent)).add(inboundName(parent))
      for (const name of referencesOf(resource)) {
        const parents = into(this.#referrers, name)
        parents.set(parent, (parents.get(parent) ?? 0) + 1)
      }
    }
  }

  #unlinkRoute(resource: Route, affected: Set<string>): void {
    const key = resourceKey(refOf(resource))
    for (const parent of parentsOf(resource)) {
      outOf(this.#routes, parent, key)
      affected.add(destinationName(parent)).add(inboundName(parent))
      for (const name of referencesOf(resource)) {
        const left = (this.#referrers.get(name)?.get(parent) ?? 0) - 1
        if (left > 0) into(this.#referrers, name).set(parent, left)
        else outOf(this.#referrers, name, parent)
      }
    }
  }
}
