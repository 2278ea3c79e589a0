// Joining as a service that has no resource yet creates it, and a version's derived name with it.
import { derivedName, type Resource, resourceSchema } from '@heddle/shared'
import { lockMesh, nextRevision } from '../configuration/revision.ts'
import type { Transaction } from '../connection/database.ts'
import { NameClashError } from '../errors.ts'
import { commitChange } from './audit.ts'
import { RESERVED_SERVICE_NAMES } from './references.ts'

const newService = (name: string): Resource =>
  resourceSchema.parse({ apiVersion: 'heddle.dev/v1', kind: 'Service', metadata: { name } })

async function findMissing(tx: Transaction, service: string, version: string | undefined): Promise<string[]> {
  const derived = version === undefined ? null : derivedName(service, version)
  const rows = await tx.name.findMany({ where: { name: { in: derived === null ? [service] : [service, derived] } } })
  const missing: string[] = []
  const ofService = rows.find((row) => row.name === service)
  if (ofService === undefined) missing.push(service)
  else if (ofService.version !== null) {
    const message = `"${service}" is taken: it means version ${ofService.version} of the service "${ofService.service}". Join as that, or choose another name.`
    throw new NameClashError(service, message)
  }
  const ofVersion = rows.find((row) => row.name === derived)
  if (derived !== null && ofVersion === undefined) missing.push(derived)
  else if (ofVersion !== undefined && (ofVersion.service !== service || ofVersion.version !== version)) {
    const whose =
      ofVersion.version === null ? 'a service of its own' : `version ${ofVersion.version} of "${ofVersion.service}"`
    const message = `Version ${version} of "${service}" would be called "${derived}", which is ${whose}. Choose another version.`
    throw new NameClashError(ofVersion.name, message)
  }
  return missing
}

/**
 * Makes the Service (and, with a version, the derived name) if it is missing; for joins. One change of kind `join`
 * where a Service was made. Throws NameClashError.
 */
export async function ensureService(
  tx: Transaction,
  input: { service: string; version?: string | undefined; actor: string },
): Promise<{ created: boolean }> {
  const { service, version, actor } = input
  if (RESERVED_SERVICE_NAMES.includes(service)) {
    const message = `"${service}" is what the mesh calls traffic from and to the outside. Choose another name.`
    throw new NameClashError(service, message)
  }
  // The usual case, without making everybody wait.
  if ((await findMissing(tx, service, version)).length === 0) return { created: false }
  await lockMesh(tx)
  const missing = await findMissing(tx, service, version)
  if (missing.length === 0) return { created: false }
  const created = missing.includes(service)
  if (created) {
    const after = newService(service)
    const items = [{ ref: { kind: 'Service' as const, name: service }, before: null, after }]
    await commitChange(tx, {
      actor,
      kind: 'join',
      summary: `Service ${service} created as its first instance joined`,
      items,
    })
  } else await nextRevision(tx)
  if (version !== undefined && missing.includes(derivedName(service, version)))
    await tx.name.create({ data: { name: derivedName(service, version), service, version } })
  return { created }
}
