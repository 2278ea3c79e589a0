// What reverting a change would do now, item by item. Pure: the change and the stored resources come in.
import type { StoredResource } from '@heddle/db'
import { sameMeaning } from '@heddle/db/changes/sameMeaning'
import type { Change } from '@heddle/shared/api/index'
import { resourceSchema } from '@heddle/shared/resources/index'
import type { z } from 'zod'
import { shown } from '../config/stored.ts'
import type { changesGetOutputSchema } from '../schemas/session.ts'

type Preview = NonNullable<z.infer<typeof changesGetOutputSchema>['revert']>['items']

export function revertPreview(change: Change, resources: readonly StoredResource[]): Preview {
  return change.items.map(({ ref, before, after }) => {
    const stored = resources.find(({ resource }) => resource.kind === ref.kind && resource.metadata.name === ref.name)
    const left = after === null ? null : resourceSchema.safeParse(after).data
    const isAsLeft = left !== undefined && sameMeaning(stored?.resource ?? null, left)
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
