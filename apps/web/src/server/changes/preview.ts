// What reverting a change would do now, item by item. Pure: the change and the stored resources come in.
import { isDeepStrictEqual } from 'node:util'
import type { StoredResource } from '@heddle/db'
import type { Change } from '@heddle/shared/api/index'
import type { z } from 'zod'
import { shown } from '../config/stored.ts'
import type { changesGetOutputSchema } from '../schemas/session.ts'

type Preview = NonNullable<z.infer<typeof changesGetOutputSchema>['revert']>['items']

export function revertPreview(change: Change, resources: readonly StoredResource[]): Preview {
  return change.items.map(({ ref, before, after }) => {
    const stored = resources.find(({ resource }) => resource.kind === ref.kind && resource.metadata.name === ref.name)
    const current = stored?.resource ?? null
    const isAsLeft = isDeepStrictEqual(withoutVersion(current), withoutVersion(after))
    return {
      ref,
      current: shown(stored ?? null),
      restored: before,
      conflict: isAsLeft ? null : conflictOf(ref.kind, ref.name, stored, after),
    }
  })
}

function conflictOf(kind: string, name: string, stored: StoredResource | undefined, after: unknown): string {
  if (stored === undefined) return `${kind} ${name} was deleted since.`
  if (after === null) return `${kind} ${name} was made again since, by change ${stored.revision}.`
  return `${kind} ${name} was changed since, by change ${stored.revision}.`
}

/** The version is no part of what a resource says. */
function withoutVersion(resource: unknown): unknown {
  if (typeof resource !== 'object' || resource === null || !('metadata' in resource)) return resource
  const { metadata } = resource
  if (typeof metadata !== 'object' || metadata === null) return resource
  return { ...resource, metadata: { ...metadata, resourceVersion: undefined } }
}
