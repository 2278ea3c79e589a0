// services.save, services.remove and services.dependents: a service's settings as one change, and what stands against
// deleting it, by the same function that refuses it.
import { applyDocuments, deleteResource } from '@heddle/db'
import { stateOf, usersOfService } from '@heddle/db/changes/references'
import type { z } from 'zod'
import { applied } from '../config/applied.ts'
import type { Console } from '../console.ts'
import type { Actor } from '../context.ts'
import type {
  dependentsOutputSchema,
  removeServiceInputSchema,
  saveServiceInputSchema,
} from '../schemas/serviceEdits.ts'
import { findService } from './get.ts'

export async function saveService(
  console: Console,
  actor: Actor,
  { resource, resourceVersion }: z.infer<typeof saveServiceInputSchema>,
) {
  const { resourceVersion: _old, ...metadata } = resource.metadata
  const output = await applyDocuments(console.db, {
    actor: actor.name,
    documents: [{ ...resource, metadata: resourceVersion === null ? metadata : { ...metadata, resourceVersion } }],
    absent: resourceVersion === null ? [{ kind: 'Service', name: metadata.name }] : [],
  })
  return applied(output)
}

export function removeService(
  console: Console,
  actor: Actor,
  { name, resourceVersion }: z.infer<typeof removeServiceInputSchema>,
) {
  return deleteResource(console.db, { actor: actor.name, ref: { kind: 'Service', name }, resourceVersion })
}

export async function dependentsOf(console: Console, service: string): Promise<z.infer<typeof dependentsOutputSchema>> {
  const mesh = await console.mesh.current()
  findService(mesh, service)
  const state = stateOf(
    mesh.resources.map(({ resource }) => resource),
    mesh.names,
  )
  return {
    users: usersOfService(service, state),
    instances: mesh.instances
      .filter((one) => one.service === service && one.withdrawnAt === null && one.lapsedAt === null)
      .map(({ instance }) => instance),
  }
}
