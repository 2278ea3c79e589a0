// services.*: the Services and Service pages.
import {
  servicesGetInputSchema,
  servicesGetOutputSchema,
  servicesListInputSchema,
  servicesListOutputSchema,
} from '../schemas/services.ts'
import { allowed, router } from '../trpc.ts'

export const servicesRouter = router({
  list: allowed('mesh.read')
    .input(servicesListInputSchema)
    .output(servicesListOutputSchema)
    .query(() => {
      throw new Error('not built yet')
    }),
  get: allowed('mesh.read')
    .input(servicesGetInputSchema)
    .output(servicesGetOutputSchema)
    .query(() => {
      throw new Error('not built yet')
    }),
})
