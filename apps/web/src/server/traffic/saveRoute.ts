// traffic.saveRoute and traffic.removeRoute: a whole route as one change. The version that the edit was made from
// travels along, so that two people cannot undo each other unseen; a new one is refused where somebody has made it.
import { applyDocuments, deleteResource } from '@heddle/db'
import type { z } from 'zod'
import { applied } from '../config/applied.ts'
import type { Console } from '../console.ts'
import type { Actor } from '../context.ts'
import type { removeRouteInputSchema, saveRouteInputSchema } from '../schemas/routeEdits.ts'

export async function saveRoute(
  console: Console,
  actor: Actor,
  { route, resourceVersion }: z.infer<typeof saveRouteInputSchema>,
) {
  const { resourceVersion: _old, ...metadata } = route.metadata
  const output = await applyDocuments(console.db, {
    actor: actor.name,
    documents: [{ ...route, metadata: resourceVersion === null ? metadata : { ...metadata, resourceVersion } }],
    absent: resourceVersion === null ? [{ kind: route.kind, name: metadata.name }] : [],
  })
  return applied(output)
}

export function removeRoute(
  console: Console,
  actor: Actor,
  { kind, name, resourceVersion }: z.infer<typeof removeRouteInputSchema>,
) {
  return deleteResource(console.db, { actor: actor.name, ref: { kind, name }, resourceVersion })
}
