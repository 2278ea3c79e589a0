// Inputs and outputs of making, editing and deleting a service.
import { serviceNameSchema } from '@heddle/shared/names'
import { serviceSchema } from '@heddle/shared/resources/service'
import { z } from 'zod'

const versionSchema = z.string().regex(/^\d+$/)

export const saveServiceInputSchema = z.object({
  resource: serviceSchema,
  /** The version that the edit was made from; null: the service is made, and refused where there is one. */
  resourceVersion: versionSchema.nullable(),
})
export const removeServiceInputSchema = z.object({ name: serviceNameSchema, resourceVersion: versionSchema })

export const dependentsInputSchema = z.object({ service: serviceNameSchema })
export const dependentsOutputSchema = z.object({
  /** Routes and rules that name it, in words: "HTTPRoute catalog", "AccessRule readers (as a caller)". */
  users: z.array(z.string()),
  /** Instances that have not left. Either keeps the service from being deleted. */
  instances: z.array(z.string()),
})
