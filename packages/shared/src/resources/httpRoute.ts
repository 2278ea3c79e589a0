// HTTPRoute of the Gateway API v1 on a Service parent (GAMMA, GEP-1426), with the retry stanza of GEP-1731.
// The stored form is the YAML's own, so that what was applied comes back with nothing lost.
import { z } from 'zod'
import { durationSchema } from '../duration.ts'
import { parseGrpcStatuses } from '../grpcStatus.ts'
import { serviceNameSchema } from '../names.ts'
import { editableHeaderNameSchema, headerNameSchema, sendableHeaderValueSchema } from './headerField.ts'
import { HTTP_METHODS, RETRY_GRPC_ANNOTATION } from './httpRouteTerms.ts'
import { metadataSchema } from './metadata.ts'
import { isRegularExpression } from './regularExpression.ts'

export { HTTP_METHODS, RETRY_GRPC_ANNOTATION, RETRY_NON_IDEMPOTENT_ANNOTATION } from './httpRouteTerms.ts'

const group = z.literal('', 'only the core group "" is supported').optional()
const port = z.int().min(1).max(65535).optional()
const regularExpression = z
  .string()
  .max(1024)
  .refine(isRegularExpression, 'must be a regular expression in RE2 syntax (no backreferences, no look-around)')
const matchedValue = z
  .string()
  .max(4096)
  .regex(/^[^\0\r\n]*$/, 'must not contain NUL or line breaks')

/** What the proxy answers 400 to (its route/path.ts), so that a rule with it could never be compiled there. */
const UNREADABLE_IN_PATH = /[\0-\x20\x7f]|%(?![0-9a-f]{2})|%[01][0-9a-f]|%7f|%c[01]%[89ab]|%e0%[89]|%f0%8/i

const absolutePath = z
  .string()
  .max(1024)
  .regex(/^\/[^?#\s\0]*$/, 'must begin with "/" and contain neither "?", "#" nor white space')
  .refine(
    (path) => path.isWellFormed() && !UNREADABLE_IN_PATH.test(path),
    'must not contain control characters, overlong UTF-8 or "%" without two hexadecimal digits: no request has such a path',
  )

export const pathMatchSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('Exact'), value: absolutePath }),
  z.strictObject({ type: z.literal('PathPrefix'), value: absolutePath }),
  z.strictObject({ type: z.literal('RegularExpression'), value: regularExpression }),
])
export type PathMatch = z.infer<typeof pathMatchSchema>

const valueMatch = (name: z.ZodType<string>) =>
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('Exact'), name, value: matchedValue }),
    z.strictObject({ type: z.literal('RegularExpression'), name, value: regularExpression }),
  ])
const withDefaultType = <T extends z.ZodType>(schema: T, type: string) =>
  z.preprocess(
    (value) => (typeof value === 'object' && value !== null && !('type' in value) ? { type, ...value } : value),
    schema,
  )

export const httpMethodSchema = z.enum(HTTP_METHODS)

export const routeMatchSchema = z.strictObject({
  path: withDefaultType(pathMatchSchema, 'PathPrefix').optional(),
  method: httpMethodSchema.optional(),
  headers: z
    .array(withDefaultType(valueMatch(headerNameSchema), 'Exact'))
    .max(16)
    .optional(),
  queryParams: z
    .array(withDefaultType(valueMatch(z.string().min(1).max(256)), 'Exact'))
    .max(16)
    .optional(),
})
export type RouteMatch = z.infer<typeof routeMatchSchema>

const headerPair = z.strictObject({ name: editableHeaderNameSchema, value: sendableHeaderValueSchema })
const headerModifier = z.strictObject({
  set: z.array(headerPair).max(16).optional(),
  add: z.array(headerPair).max(16).optional(),
  remove: z.array(editableHeaderNameSchema).max(16).optional(),
})
export type HeaderModifier = z.infer<typeof headerModifier>

const pathModifier = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ReplaceFullPath'), replaceFullPath: absolutePath }),
  z.strictObject({ type: z.literal('ReplacePrefixMatch'), replacePrefixMatch: absolutePath }),
])
export type PathModifier = z.infer<typeof pathModifier>

const hostname = z
  .string()
  .max(253)
  .regex(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/, 'must be a host name in lower case, without a port')

const redirect = z.strictObject({
  scheme: z.enum(['http', 'https']).optional(),
  hostname: hostname.optional(),
  path: pathModifier.optional(),
  port,
  statusCode: z.union([z.literal(301), z.literal(302), z.literal(303), z.literal(307), z.literal(308)]).optional(),
})
export type Redirect = z.infer<typeof redirect>
const rewrite = z.strictObject({ hostname: hostname.optional(), path: pathModifier.optional() })
export type Rewrite = z.infer<typeof rewrite>

const backendTarget = {
  group,
  kind: z.literal('Service', 'only backends of kind Service are supported').optional(),
  name: serviceNameSchema,
  namespace: z.literal('default').optional(),
  port,
}
const mirror = z
  .strictObject({
    backendRef: z.strictObject(backendTarget),
    percent: z.int().min(0).max(100).optional(),
    fraction: z.strictObject({ numerator: z.int().min(0), denominator: z.int().min(1).optional() }).optional(),
  })
  .refine((m) => m.percent === undefined || m.fraction === undefined, 'give either percent or fraction, not both')
  .refine(
    (m) => m.fraction === undefined || m.fraction.numerator <= (m.fraction.denominator ?? 100),
    'the numerator must not be greater than the denominator',
  )
export type Mirror = z.infer<typeof mirror>

export const routeFilterSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('RequestHeaderModifier'), requestHeaderModifier: headerModifier }),
  z.strictObject({ type: z.literal('ResponseHeaderModifier'), responseHeaderModifier: headerModifier }),
  z.strictObject({ type: z.literal('RequestRedirect'), requestRedirect: redirect }),
  z.strictObject({ type: z.literal('URLRewrite'), urlRewrite: rewrite }),
  z.strictObject({ type: z.literal('RequestMirror'), requestMirror: mirror }),
])
export type RouteFilter = z.infer<typeof routeFilterSchema>

/** The Gateway API's default of BackendRef.weight. */
export const DEFAULT_WEIGHT = 1
export const backendRefSchema = z.strictObject({
  ...backendTarget,
  weight: z
    .int('weights are whole numbers')
    .min(0, 'a weight cannot be negative')
    .max(1_000_000, 'a weight is at most 1000000')
    .optional(),
})
export type BackendRef = z.infer<typeof backendRefSchema>

export const routeRetrySchema = z.strictObject({
  codes: z.array(z.int().min(400).max(599)).max(64).optional(),
  /** Repeats after the first try; 1 where the stanza names none (Linkerd's default limit). */
  attempts: z.int().min(0).max(10).optional(),
  backoff: durationSchema.optional(),
})

export const routeRuleSchema = z
  .strictObject({
    name: z
      .string()
      .max(253)
      .regex(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/, 'must be lower-case letters, digits, "-" and "."')
      .optional(),
    matches: z.array(routeMatchSchema).max(64).optional(),
    filters: z.array(routeFilterSchema).max(16).optional(),
    backendRefs: z.array(backendRefSchema).max(16).optional(),
    timeouts: z
      .strictObject({ request: durationSchema.optional(), backendRequest: durationSchema.optional() })
      .optional(),
    retry: routeRetrySchema.optional(),
  })
  .superRefine((rule, context) => {
    const kinds = (rule.filters ?? []).map((filter) => filter.type)
    for (const kind of ['RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestRedirect', 'URLRewrite'] as const)
      if (kinds.filter((k) => k === kind).length > 1)
        context.addIssue({ code: 'custom', path: ['filters'], message: `${kind} may be given once in a rule` })
    if (kinds.includes('RequestRedirect') && kinds.includes('URLRewrite'))
      context.addIssue({ code: 'custom', path: ['filters'], message: 'a rule either redirects or rewrites, not both' })
    if (kinds.includes('RequestRedirect') && (rule.backendRefs?.length ?? 0) > 0)
      context.addIssue({ code: 'custom', path: ['backendRefs'], message: 'a rule that redirects has no backends' })
    const replacesPrefix = (rule.filters ?? []).some(
      (filter) =>
        (filter.type === 'URLRewrite' && filter.urlRewrite.path?.type === 'ReplacePrefixMatch') ||
        (filter.type === 'RequestRedirect' && filter.requestRedirect.path?.type === 'ReplacePrefixMatch'),
    )
    const onlyPrefixes = (rule.matches ?? []).every((m) => m.path === undefined || m.path.type === 'PathPrefix')
    if (replacesPrefix && !onlyPrefixes)
      context.addIssue({
        code: 'custom',
        path: ['filters'],
        message: 'ReplacePrefixMatch needs every path match of the rule to be a PathPrefix',
      })
  })
export type RouteRule = z.infer<typeof routeRuleSchema>

const parentRef = z.strictObject({
  group,
  kind: z.literal('Service', 'only parents of kind Service are supported'),
  name: serviceNameSchema,
  namespace: z.literal('default').optional(),
  sectionName: z.string().optional(),
  port,
})

export const httpRouteSchema = z.strictObject({
  apiVersion: z.literal('gateway.networking.k8s.io/v1'),
  kind: z.literal('HTTPRoute'),
  metadata: metadataSchema.refine(
    ({ annotations }) => parseGrpcStatuses(annotations?.[RETRY_GRPC_ANNOTATION] ?? 'unavailable') !== undefined,
    {
      path: ['annotations', RETRY_GRPC_ANNOTATION],
      message: 'names statuses of gRPC such as "unavailable, resource-exhausted"',
    },
  ),
  spec: z
    .strictObject({
      parentRefs: z.array(parentRef).min(1, 'a route needs the Service it belongs to').max(32),
      rules: z.array(routeRuleSchema).min(1, 'a route needs a rule').max(64),
    })
    .superRefine((spec, context) => {
      const names = spec.rules.flatMap((rule) => rule.name ?? [])
      for (const [i, rule] of spec.rules.entries())
        if (rule.name !== undefined && names.indexOf(rule.name) !== names.lastIndexOf(rule.name))
          context.addIssue({ code: 'custom', path: ['rules', i, 'name'], message: 'rule names are unique in a route' })
    }),
})
export type HttpRoute = z.infer<typeof httpRouteSchema>
