// AccessRule (heddle.dev/v1): who may call what. Deny beats Allow; with no Allow rule on a target the mesh default holds.
import { z } from 'zod'
import { serviceNameSchema } from '../names.ts'
import { pathMatchSchema } from './httpRoute.ts'
import { metadataSchema } from './metadata.ts'

/** One caller: a service identity, any authenticated mesh identity, or a caller from outside through a public port. */
export const callerSchema = z.union(
  [
    z.strictObject({ service: serviceNameSchema }),
    z.strictObject({ any: z.literal('authenticated') }),
    z.strictObject({ any: z.literal('public') }),
  ],
  'must be { service: NAME }, { any: authenticated } or { any: public }',
)
export type Caller = z.infer<typeof callerSchema>

/** A method token of RFC 9110, 9.1, in capitals; methods are case-sensitive. */
const methodToken = z
  .string()
  .max(32)
  .regex(/^[A-Z][A-Z-]*$/, 'must be an HTTP method in capitals, such as GET')

export const accessRuleSchema = z.strictObject({
  apiVersion: z.literal('heddle.dev/v1'),
  kind: z.literal('AccessRule'),
  metadata: metadataSchema,
  spec: z.strictObject({
    target: z.strictObject({
      service: serviceNameSchema,
      /** `<route>` or `<route>/<rule>`, an HTTPRoute or a GRPCRoute. */
      route: z
        .string()
        .max(507)
        .regex(/^[a-z0-9.-]+(?:\/[a-z0-9.-]+)?$/, 'must be "<route>" or "<route>/<rule>"')
        .optional(),
    }),
    action: z.enum(['Allow', 'Deny']),
    mode: z.enum(['enforce', 'audit']).optional(),
    from: z.array(callerSchema).min(1, 'name at least one caller, or "any: authenticated"').max(256),
    to: z
      .array(
        z.strictObject({
          methods: z.array(methodToken).min(1).max(16).optional(),
          paths: z.array(pathMatchSchema).min(1).max(64).optional(),
        }),
      )
      .min(1)
      .max(64)
      .optional(),
  }),
})
export type AccessRule = z.infer<typeof accessRuleSchema>
