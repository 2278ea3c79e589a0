// config.*: resources as YAML documents, for the command line. The right to write is checked for each resource inside
// the transaction; the action of the procedure is what is needed for any of them.
import { applyDocuments, deleteResource, diffDocuments } from '@heddle/db'
import {
  applyInputSchema,
  applyOutputSchema,
  deleteInputSchema,
  deleteOutputSchema,
  getInputSchema,
  getOutputSchema,
} from '@heddle/shared/api/index'
import { heddleError } from '../errors.ts'
import { allowed, router } from '../trpc.ts'
import { authorizeWrites } from './rights.ts'
import { shown } from './stored.ts'

export const configRouter = router({
  // `apply` is a word that tRPC keeps for itself.
  put: allowed('route.write')
    .input(applyInputSchema)
    .output(applyOutputSchema)
    .mutation(({ ctx, input }) =>
      applyDocuments(ctx.console.db, {
        actor: ctx.actor.name,
        documents: input.documents,
        absent: input.absent,
        authorize: (refs) => authorizeWrites(ctx.actor, refs),
      }),
    ),
  diff: allowed('mesh.read')
    .input(applyInputSchema)
    .output(applyOutputSchema)
    .query(({ ctx, input }) => diffDocuments(ctx.console.db, input)),
  get: allowed('mesh.read')
    .input(getInputSchema)
    .output(getOutputSchema)
    .query(async ({ ctx, input: { kind, name } }) => {
      const mesh = await ctx.console.mesh.current()
      const found = mesh.resources.filter(
        ({ resource }) => resource.kind === kind && (name === undefined || resource.metadata.name === name),
      )
      if (name !== undefined && found.length === 0) throw heddleError('not_found', `There is no ${kind} ${name}.`)
      return { resources: found.map(shown) }
    }),
  delete: allowed('route.write')
    .input(deleteInputSchema)
    .output(deleteOutputSchema)
    .mutation(({ ctx, input: { ref, resourceVersion } }) =>
      deleteResource(ctx.console.db, {
        actor: ctx.actor.name,
        ref,
        ...(resourceVersion === undefined ? {} : { resourceVersion }),
        authorize: (refs) => authorizeWrites(ctx.actor, refs),
      }),
    ),
})
