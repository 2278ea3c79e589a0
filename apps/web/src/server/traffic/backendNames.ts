// traffic.names: what a backend can be (services, and versions of services that are known), for the editors' fields.
import type { z } from 'zod'
import type { Console } from '../console.ts'
import type { backendNamesOutputSchema } from '../schemas/routeEdits.ts'
import { countInstances, groupInstances, presentInstances } from '../services/facts.ts'

export async function backendNames(console: Console): Promise<z.infer<typeof backendNamesOutputSchema>> {
  const mesh = await console.mesh.current()
  const instances = presentInstances(mesh.instances, console.control.now())
  const byService = groupInstances(instances, ({ service }) => service)
  const versions = mesh.names.filter(({ version }) => version !== null)
  const services = [...mesh.services.keys()].map((service) => ({ name: service, service, version: null }))
  return {
    names: [...services, ...versions]
      .map(({ name, service, version }) => ({
        name,
        service,
        version,
        instances: countInstances(
          (byService.get(service) ?? []).filter((instance) => version === null || instance.version === version),
        ),
      }))
      .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true })),
    routes: [...mesh.routes.keys()].sort(),
  }
}
