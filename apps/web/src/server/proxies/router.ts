// proxies.list and status.get: what every proxy holds and how it is.
import { statusOutputSchema } from '@heddle/shared/api/index'
import { proxiesListInputSchema, proxiesListOutputSchema } from '../schemas/proxies.ts'
import { allowed, router } from '../trpc.ts'
import { listProxies, status } from './list.ts'

export const proxiesRouter = router({
  list: allowed('mesh.read')
    .input(proxiesListInputSchema)
    .output(proxiesListOutputSchema)
    .query(({ ctx, input }) => listProxies(ctx.console, input)),
})
export const statusRouter = router({
  get: allowed('mesh.read')
    .output(statusOutputSchema)
    .query(({ ctx }) => status(ctx.console)),
})
