// services.*: the Services and Service pages.
import {
  servicesGetInputSchema,
  servicesGetOutputSchema,
  servicesListInputSchema,
  servicesListOutputSchema,
} from '../schemas/services.ts'
import { allowed, router } from '../trpc.ts'
import { getService } from './get.ts'
import { listServices } from './list.ts'

export const servicesRouter = router({
  list: allowed('mesh.read')
    .input(servicesListInputSchema)
    .output(servicesListOutputSchema)
    .query(({ ctx, input }) => listServices(ctx.console, input.range)),
  get: allowed('mesh.read')
    .input(servicesGetInputSchema)
    .output(servicesGetOutputSchema)
    .query(({ ctx, input }) => getService(ctx.console, input.service, input.range)),
})
