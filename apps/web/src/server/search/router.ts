// search.*: the command palette.
import { searchFindInputSchema, searchFindOutputSchema } from '../schemas/search.ts'
import { allowed, router } from '../trpc.ts'
import { find } from './find.ts'

export const searchRouter = router({
  find: allowed('mesh.read')
    .input(searchFindInputSchema)
    .output(searchFindOutputSchema)
    .query(({ ctx, input }) => find(ctx.console, input.query)),
})
