// What rendering reads: the resources and the registry at one revision, indexed by what documents are about.
// Pure values behind a narrow interface, so that a renderer can be fed by hand in a test.
import type { AccessRule, MeshPolicy, Route, Service } from '@heddle/shared/resources/index'

export interface RouteInForce {
  resource: Route
  /** Milliseconds since the epoch, for the Gateway API's tie-break. */
  createdAt: number
}

export interface InstanceInForce {
  instance: string
  service: string
  version: string
  /** null for a client only. */
  inbound: { address: string; port: number } | null
  /** Of the machine (HEDDLE_HOME) it runs on. */
  hostId: string
  /** May be given to callers: its app is ready, its lease runs, it has not withdrawn. */
  isServing: boolean
}

export interface MeshModel {
  trustDomain: string
  /** PEM of every root in force. */
  roots: readonly string[]
  policy: MeshPolicy
  service(name: string): Service | undefined
  /** Routes whose parent is the service. */
  routesOf(service: string): readonly RouteInForce[]
  /** Rules whose target is the service. */
  rulesOf(service: string): readonly AccessRule[]
  instancesOf(service: string): readonly InstanceInForce[]
  /** The service and version behind a derived name such as `catalog-v2`, where it is one. */
  derived(name: string): { service: string; version: string } | undefined
}

/** Whether two descriptions of one instance are the same to its callers. */
export function isSameInstance(a: InstanceInForce, b: InstanceInForce): boolean {
  return (
    a.service === b.service &&
    a.version === b.version &&
    a.hostId === b.hostId &&
    a.isServing === b.isServing &&
    a.inbound?.address === b.inbound?.address &&
    a.inbound?.port === b.inbound?.port
  )
}
