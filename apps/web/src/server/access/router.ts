// access.*: the rules with their hits, who calls whom, what a call or a change would come to, and editing.
import { applyDocuments, deleteResource } from '@heddle/db'
import { applied } from '../config/applied.ts'
import {
  accessHitsInputSchema,
  accessHitsOutputSchema,
  accessRemoveInputSchema,
  accessRemoveOutputSchema,
  accessRulesInputSchema,
  accessRulesOutputSchema,
  accessSaveInputSchema,
  accessSaveOutputSchema,
} from '../schemas/access.ts'
import {
  accessExplainInputSchema,
  accessExplainOutputSchema,
  accessMatrixInputSchema,
  accessMatrixOutputSchema,
  accessMostCalledInputSchema,
  accessMostCalledOutputSchema,
  accessPreviewInputSchema,
  accessPreviewOutputSchema,
} from '../schemas/accessPreview.ts'
import { allowed, router } from '../trpc.ts'
import { explainCall } from './explain.ts'
import { listHits } from './hits.ts'
import { accessMatrix } from './matrix.ts'
import { mostCalled } from './mostCalled.ts'
import { previewAccess } from './preview.ts'
import { listRules } from './rules.ts'

export const accessRouter = router({
  rules: allowed('mesh.read')
    .input(accessRulesInputSchema)
    .output(accessRulesOutputSchema)
    .query(({ ctx, input }) => listRules(ctx.console, input)),
  hits: allowed('mesh.read')
    .input(accessHitsInputSchema)
    .output(accessHitsOutputSchema)
    .query(({ ctx, input }) => listHits(ctx.console, input)),
  matrix: allowed('mesh.read')
    .input(accessMatrixInputSchema)
    .output(accessMatrixOutputSchema)
    .query(({ ctx, input }) => accessMatrix(ctx.console, input)),
  explain: allowed('mesh.read')
    .input(accessExplainInputSchema)
    .output(accessExplainOutputSchema)
    .query(({ ctx, input }) => explainCall(ctx.console, input)),
  mostCalled: allowed('mesh.read')
    .input(accessMostCalledInputSchema)
    .output(accessMostCalledOutputSchema)
    .query(({ ctx, input }) => mostCalled(ctx.console, input)),
  preview: allowed('mesh.read')
    .input(accessPreviewInputSchema)
    .output(accessPreviewOutputSchema)
    .query(({ ctx, input }) => previewAccess(ctx.console, input)),
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
