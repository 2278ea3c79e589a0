// What configuration and registry say of a service: owner, objective, versions, instances. Pure.
import { type Instance, LAPSE_AFTER_MS } from '@heddle/db'
import { durationMs } from '@heddle/shared/duration'
import { rulesOf } from '@heddle/shared/resources/anyRoute'
import type { MeshPolicy } from '@heddle/shared/resources/index'
import type { Service } from '@heddle/shared/resources/service'
import type { ProxyState } from '@heddle/shared/wire/console'
import type { Mesh } from '../meshCache.ts'
import { HEALTH_WINDOW_MS, type Objective, type Reporting } from './health.ts'

/** An instance that has been gone for longer is history, not a missing instance. */
const FORGOTTEN_AFTER_MS = 10 * 60_000

export function ownerOf(service: Service): string | null {
  return service.metadata.labels?.owner ?? null
}

export function objectiveOf(service: Service | undefined, policy: MeshPolicy): Objective {
  const own = service?.spec?.objective
  return {
    successRate: own?.successRate ?? policy.objective.successRate,
    latencyP99Ms: own?.latencyP99 === undefined ? policy.objective.latencyP99Ms : durationMs(own.latencyP99),
  }
}

/** Instances that should be there: not withdrawn, and not gone for long. `now`: milliseconds since the epoch. */
export function presentInstances(instances: readonly Instance[], now: number): Instance[] {
  return instances.filter(
    ({ withdrawnAt, lapsedAt }) => withdrawnAt === null && (lapsedAt === null || now - lapsedAt < FORGOTTEN_AFTER_MS),
  )
}

/**
 * Whether it went without a word so long ago that it is history: its lease lapsed, and nobody has heard of it for ten
 * minutes more. The registry keeps the last endpoint of a service all the same, for callers that have nothing better.
 */
export function isLongGone({ withdrawnAt, leaseUntil }: Instance, now: number): boolean {
  return withdrawnAt === null && now - leaseUntil > LAPSE_AFTER_MS + FORGOTTEN_AFTER_MS
}

/** Callers get it as an endpoint; a client only is ready by its own word. */
export function isReady(instance: Instance): boolean {
  return instance.inbound === null ? instance.ready && instance.lapsedAt === null : instance.offered
}

export function groupInstances(
  instances: readonly Instance[],
  keyOf: (instance: Instance) => string,
): Map<string, Instance[]> {
  const groups = new Map<string, Instance[]>()
  for (const instance of instances) {
    const key = keyOf(instance)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [instance])
    else group.push(instance)
  }
  return groups
}

export function countInstances(instances: readonly Instance[]): { ready: number; all: number } {
  return { ready: instances.filter(isReady).length, all: instances.length }
}

/** `proxies` null: no control plane streams. */
export function reportingOf(
  instances: readonly Instance[],
  proxies: ReadonlyMap<string, ProxyState> | null,
): Reporting {
  const silent =
    proxies === null ? null : instances.filter(({ instance }) => proxies.get(instance)?.connected !== true).length
  return { ...countInstances(instances), silent }
}

/**
 * What a service's instances say of its health now; null where that says nothing: the range ended before the window in
 * which health is judged. `to`, `now`: ms since the epoch.
 */
export function presenceOf(
  mesh: Pick<Mesh, 'names' | 'routesOf'>,
  service: string,
  own: readonly Instance[],
  proxies: ReadonlyMap<string, ProxyState> | null,
  { to, now }: { to: number; now: number },
): Reporting | null {
  if (now - to > HEALTH_WINDOW_MS) return null
  return { ...reportingOf(own, proxies), leadsElsewhere: own.length === 0 && leadsElsewhere(mesh, service) }
}

function leadsElsewhere(mesh: Pick<Mesh, 'names' | 'routesOf'>, service: string): boolean {
  const versions = new Set(mesh.names.flatMap((known) => (known.service === service ? [known.name] : [])))
  const backends = (mesh.routesOf.get(service) ?? []).flatMap(({ resource }) =>
    rulesOf(resource).flatMap(({ backendRefs }) => backendRefs ?? []),
  )
  return backends.some(({ name, weight }) => weight !== 0 && !versions.has(name))
}

/** The templates of a service's links, filled in; "{route}" is empty where the page is no route's. */
export function linksOf(service: Service, route = ''): { name: string; href: string }[] {
  const name = encodeURIComponent(service.metadata.name)
  return Object.entries(service.spec?.links ?? {}).map(([label, template]) => ({
    name: label,
    href: template.replaceAll('{service}', name).replaceAll('{route}', encodeURIComponent(route)),
  }))
}
