// access.*: the rules with their hits, and editing them.
import { applyDocuments, deleteResource } from '@heddle/db'
import { applied } from '../config/applied.ts'
import {
  accessListInputSchema,
  accessListOutputSchema,
  accessRemoveInputSchema,
  accessRemoveOutputSchema,
  accessSaveInputSchema,
  accessSaveOutputSchema,
} from '../schemas/access.ts'
import { allowed, router } from '../trpc.ts'
import { listAccess } from './list.ts'

export const accessRouter = router({
  list: allowed('mesh.read')
    .input(accessListInputSchema)
    .output(accessListOutputSchema)
    .query(({ ctx, input }) => listAccess(ctx.console, input)),
  save: allowed('rule.write')
    .input(accessSaveInputSchema)
    .output(accessSaveOutputSchema)
    .mutation(async ({ ctx, input: { rule, resourceVersion } }) => {
      const { name } = rule.metadata
      const { resourceVersion: _old, ...metadata } = rule.metadata
      const document = {
        ...rule,
        metadata: resourceVersion === null ? metadata : { ...metadata, resourceVersion },
      }
      const output = await applyDocuments(ctx.console.db, {
        actor: ctx.actor.name,
        documents: [document],
        // Whether there is such a rule is asked under the mesh's lock: of two who make it at once, one overwrites nobody.
        absent: resourceVersion === null ? [{ kind: 'AccessRule', name }] : [],
      })
      return applied(output)
    }),
  remove: allowed('rule.write')
    .input(accessRemoveInputSchema)
    .output(accessRemoveOutputSchema)
    .mutation(({ ctx, input: { name, resourceVersion } }) =>
      deleteResource(ctx.console.db, {
        actor: ctx.actor.name,
        ref: { kind: 'AccessRule', name },
        resourceVersion,
      }),
    ),
})
