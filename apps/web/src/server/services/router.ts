// services.*: the Services and Service pages.
import { removedSchema, savedSchema } from '../schemas/routeEdits.ts'
import {
  dependentsInputSchema,
  dependentsOutputSchema,
  removeServiceInputSchema,
  saveServiceInputSchema,
} from '../schemas/serviceEdits.ts'
import {
  serviceHeadSchema,
  servicesAttentionInputSchema,
  servicesAttentionOutputSchema,
  servicesGetInputSchema,
  servicesGetOutputSchema,
  servicesListInputSchema,
  servicesListOutputSchema,
} from '../schemas/services.ts'
import { allowed, router } from '../trpc.ts'
import { dependentsOf, removeService, saveService } from './edit.ts'
import { getService } from './get.ts'
import { headOf } from './head.ts'
import { countAttention } from './judged.ts'
import { listServices } from './list.ts'

export const servicesRouter = router({
  list: allowed('mesh.read')
    .input(servicesListInputSchema)
    .output(servicesListOutputSchema)
    .query(({ ctx, input }) => listServices(ctx.console, input)),
  attention: allowed('mesh.read')
    .input(servicesAttentionInputSchema)
    .output(servicesAttentionOutputSchema)
    .query(({ ctx, input }) => countAttention(ctx.console, input.range)),
  get: allowed('mesh.read')
    .input(servicesGetInputSchema)
    .output(servicesGetOutputSchema)
    .query(({ ctx, input }) => getService(ctx.console, input.service, input.range)),
  head: allowed('mesh.read')
    .input(servicesGetInputSchema)
    .output(serviceHeadSchema)
    .query(({ ctx, input }) => headOf(ctx.console, input.service, input.range)),
  dependents: allowed('mesh.read')
    .input(dependentsInputSchema)
    .output(dependentsOutputSchema)
    .query(({ ctx, input }) => dependentsOf(ctx.console, input.service)),
  save: allowed('service.write')
    .input(saveServiceInputSchema)
    .output(savedSchema)
    .mutation(({ ctx, input }) => saveService(ctx.console, ctx.actor, input)),
  remove: allowed('service.write')
    .input(removeServiceInputSchema)
    .output(removedSchema)
    .mutation(({ ctx, input }) => removeService(ctx.console, ctx.actor, input)),
})
