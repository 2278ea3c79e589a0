// access.*: the rules with their hits, and editing them.
import { applyDocuments, deleteResource } from '@heddle/db'
import { applied } from '../config/applied.ts'
import { heddleError } from '../errors.ts'
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
      if (resourceVersion === null && (await ctx.console.mesh.current()).rules.has(name))
        throw heddleError('conflict', `There is a rule ${name} already. Choose another name, or edit that one.`)
      const document = {
        ...rule,
        metadata: resourceVersion === null ? metadata : { ...metadata, resourceVersion },
      }
      const output = await applyDocuments(ctx.console.db, { actor: ctx.actor.name, documents: [document] })
      return applied(ctx.console, output, { kind: 'AccessRule', name })
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
