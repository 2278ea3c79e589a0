// GRPCRoute of the Gateway API v1 on a Service parent (GAMMA, GEP-1426). It has neither retries nor timeouts there: what is
// repeated stands in annotations of the route, and a call's own deadline (`grpc-timeout`) holds without being asked for.
// The stored form is the YAML's own, so that what was applied comes back with nothing lost.
import { z } from 'zod'
import { RETRY_ATTEMPTS_ANNOTATION } from './httpRouteTerms.ts'
import { isRegularExpression } from './regularExpression.ts'
import {
  backendRefSchema,
  checkFiltersOnce,
  checkRuleNames,
  commonFilters,
  headerMatchesSchema,
  parentRef,
  regularExpression,
  routeMetadataSchema,
  ruleName,
  withDefaultType,
} from './routeParts.ts'

export { RETRY_ATTEMPTS_ANNOTATION } from './httpRouteTerms.ts'

/** GRPCMethodMatch: what a service and a method can be called, "" being any as if it were left out. */
const exactService = z
  .string()
  .max(1024)
  .regex(
    /^(?:\.?[a-z_][a-z_0-9]*(?:\.[a-z_][a-z_0-9]*)*)?$/i,
    'must be the full name of a service, such as shop.v1.Catalog',
  )
const exactMethod = z
  .string()
  .max(1024)
  .regex(/^(?:[a-z_][a-z_0-9]*)?$/i, 'must be the name of a method, such as GetProduct')

/** Service and method become one expression: one that is right only at the end of the text, such as "\\Qa", is refused. */
const partOfExpression = regularExpression.refine(
  (text) => isRegularExpression(`(?:${text})`),
  'must be a regular expression that can stand in a group',
)

/** Both are one path for proxies, whose matches are at most 1,024 characters long. */
const MAX_TOGETHER = 1_000

export const grpcMethodMatchSchema = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('Exact'), service: exactService.optional(), method: exactMethod.optional() }),
    z.strictObject({
      type: z.literal('RegularExpression'),
      service: partOfExpression.optional(),
      method: partOfExpression.optional(),
    }),
  ])
  .refine(
    ({ service = '', method = '' }) => service !== '' || method !== '',
    'must name a service, a method or both; a match without "method" takes every call',
  )
  .refine(
    ({ service = '', method = '' }) => service.length + method.length <= MAX_TOGETHER,
    `service and method are at most ${MAX_TOGETHER} characters together`,
  )
export type GrpcMethodMatch = z.infer<typeof grpcMethodMatchSchema>

export const grpcMatchSchema = z.strictObject({
  method: withDefaultType(grpcMethodMatchSchema, 'Exact').optional(),
  headers: headerMatchesSchema.optional(),
})
export type GrpcMatch = z.infer<typeof grpcMatchSchema>

export const grpcFilterSchema = z.discriminatedUnion('type', [...commonFilters])
export type GrpcFilter = z.infer<typeof grpcFilterSchema>

export const grpcRuleSchema = z
  .strictObject({
    name: ruleName.optional(),
    matches: z.array(grpcMatchSchema).max(64).optional(),
    filters: z.array(grpcFilterSchema).max(16).optional(),
    backendRefs: z.array(backendRefSchema).max(16).optional(),
  })
  .superRefine((rule, context) => checkFiltersOnce(rule, ['RequestHeaderModifier', 'ResponseHeaderModifier'], context))
export type GrpcRule = z.infer<typeof grpcRuleSchema>

export const grpcRouteSchema = z.strictObject({
  apiVersion: z.literal('gateway.networking.k8s.io/v1'),
  kind: z.literal('GRPCRoute'),
  metadata: routeMetadataSchema.refine(
    ({ annotations }) => /^(?:[0-9]|10)$/.test(annotations?.[RETRY_ATTEMPTS_ANNOTATION] ?? '1'),
    { path: ['annotations', RETRY_ATTEMPTS_ANNOTATION], message: 'must be a whole number from "0" to "10", in quotes' },
  ),
  spec: z
    .strictObject({
      parentRefs: z.array(parentRef).min(1, 'a route needs the Service it belongs to').max(32),
      rules: z.array(grpcRuleSchema).min(1, 'a route needs a rule').max(64),
    })
    .superRefine(checkRuleNames),
})
export type GrpcRoute = z.infer<typeof grpcRouteSchema>
