// access.*: the rules with their hits, and editing them.
import {
  accessListInputSchema,
  accessListOutputSchema,
  accessRemoveInputSchema,
  accessRemoveOutputSchema,
  accessSaveInputSchema,
  accessSaveOutputSchema,
} from '../schemas/access.ts'
import { allowed, router } from '../trpc.ts'

export const accessRouter = router({
  list: allowed('mesh.read')
    .input(accessListInputSchema)
    .output(accessListOutputSchema)
    .query(() => {
      throw new Error('not built yet')
    }),
  save: allowed('rule.write')
    .input(accessSaveInputSchema)
    .output(accessSaveOutputSchema)
    .mutation(() => {
      throw new Error('not built yet')
    }),
  remove: allowed('rule.write')
    .input(accessRemoveInputSchema)
    .output(accessRemoveOutputSchema)
    .mutation(() => {
      throw new Error('not built yet')
    }),
})
