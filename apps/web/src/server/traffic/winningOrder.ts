// A service's routes in the order in which they win: rendered as the control plane does, ordered as the proxies do.

import type { MeshModel } from '@heddle/control/render/model'
import { renderRoutes } from '@heddle/control/render/route'
import { compileRoutes, type RouteCandidate } from '@heddle/proxy/route/compile'
import { routeLabel } from '@heddle/shared/names'
import { type AnyRule, type Route, rulesOf } from '@heddle/shared/resources/anyRoute'
import type { WireBackend, WireRoute, WireRule } from '@heddle/shared/wire/config'
import type { Mesh, Stored } from '../meshCache.ts'

/** One match of one rule. */
export interface RankedMatch {
  candidate: RouteCandidate
  wire: WireRule
  stored: Stored<Route>
  rule: AnyRule
  ruleName: string
  backends: readonly WireBackend[]
}

/** The service's routes as its proxies get them. */
export function renderedRoutes(mesh: Mesh, service: string): WireRoute[] {
  return renderRoutes(modelOf(mesh), mesh.routesOf.get(service) ?? [])
}

/** Rendering and ordering are done once for a revision: a page of all splits asks for every service. */
const orders = new WeakMap<Mesh, Map<string, readonly RankedMatch[]>>()

export function winningOrder(mesh: Mesh, service: string): readonly RankedMatch[] {
  const ofMesh = orders.get(mesh) ?? new Map<string, readonly RankedMatch[]>()
  orders.set(mesh, ofMesh)
  const order = ofMesh.get(service) ?? orderOf(mesh, service)
  ofMesh.set(service, order)
  return order
}

function orderOf(mesh: Mesh, service: string): RankedMatch[] {
  const stored = mesh.routesOf.get(service) ?? []
  const routes = renderedRoutes(mesh, service)
  const byLabel = new Map<string, Omit<RankedMatch, 'candidate'>>()
  for (const route of stored) {
    const { name } = route.resource.metadata
    const wires = routes.find((rendered) => rendered.name === name)?.rules ?? []
    for (const [index, rule] of rulesOf(route.resource).entries()) {
      const wire = wires[index]
      if (wire === undefined) continue
      const ruleName = wire.label.slice(routeLabel(name, '').length)
      byLabel.set(wire.label, { wire, stored: route, rule, ruleName, backends: wire.backends })
    }
  }
  return compileRoutes(routes).candidates.flatMap((candidate) => {
    const known = byLabel.get(candidate.rule.label)
    return known === undefined ? [] : [{ ...known, candidate }]
  })
}

const models = new WeakMap<Mesh, MeshModel>()

/** The part of the model that routes are rendered from. */
export function modelOf(mesh: Mesh): MeshModel {
  const model = models.get(mesh) ?? makeModel(mesh)
  models.set(mesh, model)
  return model
}

function makeModel(mesh: Mesh): MeshModel {
  const derived = new Map(
    mesh.names.flatMap(({ name, service, version }) =>
      version === null ? [] : [[name, { service, version }] as const],
    ),
  )
  return {
    trustDomain: '',
    roots: [],
    policy: mesh.policy,
    service: (name) => mesh.services.get(name)?.resource,
    routesOf: (service) => mesh.routesOf.get(service) ?? [],
    rulesOf: () => [],
    instancesOf: () => [],
    derived: (name) => derived.get(name),
  }
}
