// A service's routes as its own proxies match them.

import { renderRoutes } from '@heddle/control/render/route'
import { compileRoutes, type RouteTable } from '@heddle/proxy/route/compile'
import type { Mesh } from '../meshCache.ts'
import { modelOf } from '../traffic/winningOrder.ts'

export function routesOf(mesh: Mesh, service: string): RouteTable {
  return compileRoutes(renderRoutes(modelOf(mesh), mesh.routesOf.get(service) ?? []))
}
