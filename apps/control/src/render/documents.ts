// The four kinds of documents, each a pure function of the model.
import { isLoopback } from '@heddle/shared/loopback'
import { serviceSettings } from '@heddle/shared/resources/service'
import type {
  DestinationDocument,
  EndpointsDocument,
  InboundDocument,
  MeshDocument,
  WireEndpoint,
} from '@heddle/shared/wire/config'
import type { InstanceInForce, MeshModel } from './model.ts'
import { renderRoutes } from './route.ts'
import { renderAccessRules } from './rule.ts'

export function renderMesh(model: MeshModel): MeshDocument {
  return {
    kind: 'mesh',
    trustDomain: model.trustDomain,
    roots: [...model.roots],
    egress: model.policy.egress,
    accessLogSample: model.policy.accessLogSample,
  }
}

export function renderInbound(model: MeshModel, service: string): InboundDocument {
  return {
    kind: 'inbound',
    service,
    settings: serviceSettings(model.service(service)),
    defaultAccess: model.policy.defaultAccess,
    rules: renderAccessRules(model.rulesOf(service)),
    routes: renderRoutes(model, model.routesOf(service)),
  }
}

/** What a caller of `name` needs: a service with its routes, one version without routes, or a denied name. */
export function renderDestination(model: MeshModel, name: string): DestinationDocument {
  const service = model.service(name)
  if (service !== undefined)
    return {
      kind: 'destination',
      name,
      service: name,
      version: null,
      settings: serviceSettings(service),
      routes: renderRoutes(model, model.routesOf(name)),
    }
  const derived = model.derived(name)
  const settings = serviceSettings(derived === undefined ? undefined : model.service(derived.service))
  return {
    kind: 'destination',
    name,
    service: derived?.service ?? null,
    version: derived?.version ?? null,
    settings,
    routes: [],
  }
}

/** Endpoints as callers on the machine `hostId` may use them: one on a loopback address only by its own machine. */
export function renderEndpoints(model: MeshModel, service: string, hostId: string | null): EndpointsDocument {
  return {
    kind: 'endpoints',
    service,
    endpoints: model
      .instancesOf(service)
      .flatMap((instance) => endpointOf(instance, hostId))
      .sort((a, b) => (a.instance < b.instance ? -1 : 1)),
  }
}

function endpointOf(instance: InstanceInForce, hostId: string | null): WireEndpoint[] {
  const { inbound } = instance
  if (!instance.isServing || inbound === null) return []
  if (isLoopback(inbound.address) && instance.hostId !== hostId) return []
  return [{ instance: instance.instance, version: instance.version, address: inbound.address, port: inbound.port }]
}

/**
 * Which rendering of `endpoints/<service>` a proxy on `hostId` gets: its machine's own where the service has loopback
 * endpoints there, else the common one (null), so that a mesh of many machines does not render one for each.
 */
export function endpointsVariant(model: MeshModel, service: string, hostId: string): string | null {
  const hasLocal = model
    .instancesOf(service)
    .some(({ inbound, hostId: host }) => host === hostId && inbound !== null && isLoopback(inbound.address))
  return hasLocal ? hostId : null
}

/** Services whose endpoints a caller of the destination may need: its own, its backends' and its mirrors'. */
export function endpointsNeeded(destination: DestinationDocument): string[] {
  const services = new Set<string>()
  if (destination.service !== null) services.add(destination.service)
  for (const route of destination.routes)
    for (const rule of route.rules) {
      for (const backend of rule.backends) if (backend.service !== null) services.add(backend.service)
      for (const { backend } of rule.mirrors) if (backend.service !== null) services.add(backend.service)
    }
  return [...services].sort()
}
