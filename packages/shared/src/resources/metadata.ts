// The head that all resources share, in Kubernetes' form.
import { z } from 'zod'
import { resourceNameSchema } from '../names.ts'

export const metadataSchema = z.strictObject({
  name: resourceNameSchema,
  /** Only `default` for now; written out by nothing. */
  namespace: z.literal('default', 'only the namespace "default" is supported').optional(),
  labels: z.record(z.string().max(317), z.string().max(63)).optional(),
  annotations: z.record(z.string().max(317), z.string().max(4096)).optional(),
  /** The per-resource version that an edit was made from; where present, `apply` refuses a stale one. */
  resourceVersion: z.string().regex(/^\d+$/, 'must be the number that "heddle get" printed, in quotes').optional(),
})
export type Metadata = z.infer<typeof metadataSchema>
