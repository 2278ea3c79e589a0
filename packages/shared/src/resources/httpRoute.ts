// HTTPRoute of the Gateway API v1 on a Service parent (GAMMA, GEP-1426), with the retry stanza of GEP-1731.
// The stored form is the YAML's own, so that what was applied comes back with nothing lost.
import { z } from 'zod'
import { durationSchema } from '../duration.ts'
import { HTTP_METHODS } from './httpRouteTerms.ts'
import {
  backendRefSchema,
  checkFiltersOnce,
  checkRuleNames,
  commonFilters,
  headerMatchesSchema,
  parentRef,
  port,
  regularExpression,
  routeMetadataSchema,
  ruleName,
  valueMatch,
  withDefaultType,
} from './routeParts.ts'

export { HTTP_METHODS, RETRY_GRPC_ANNOTATION, RETRY_NON_IDEMPOTENT_ANNOTATION } from './httpRouteTerms.ts'
export { type BackendRef, DEFAULT_WEIGHT, type HeaderModifier, type Mirror } from './routeParts.ts'

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

export const httpMethodSchema = z.enum(HTTP_METHODS)

export const routeMatchSchema = z.strictObject({
  path: withDefaultType(pathMatchSchema, 'PathPrefix').optional(),
  method: httpMethodSchema.optional(),
  headers: headerMatchesSchema.optional(),
  queryParams: z
    .array(withDefaultType(valueMatch(z.string().min(1).max(256)), 'Exact'))
    .max(16)
    .optional(),
})
export type RouteMatch = z.infer<typeof routeMatchSchema>

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

export const routeFilterSchema = z.discriminatedUnion('type', [
  ...commonFilters,
  z.strictObject({ type: z.literal('RequestRedirect'), requestRedirect: redirect }),
  z.strictObject({ type: z.literal('URLRewrite'), urlRewrite: rewrite }),
])
export type RouteFilter = z.infer<typeof routeFilterSchema>

export const routeRetrySchema = z.strictObject({
  codes: z.array(z.int().min(400).max(599)).max(64).optional(),
  /** Repeats after the first try; 1 where the stanza names none (Linkerd's default limit). */
  attempts: z.int().min(0).max(10).optional(),
  backoff: durationSchema.optional(),
})

export const routeRuleSchema = z
  .strictObject({
    name: ruleName.optional(),
    matches: z.array(routeMatchSchema).max(64).optional(),
    filters: z.array(routeFilterSchema).max(16).optional(),
    backendRefs: z.array(backendRefSchema).max(16).optional(),
    timeouts: z
      .strictObject({ request: durationSchema.optional(), backendRequest: durationSchema.optional() })
      .optional(),
    retry: routeRetrySchema.optional(),
  })
  .superRefine((rule, context) => {
    checkFiltersOnce(
      rule,
      ['RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestRedirect', 'URLRewrite'],
      context,
    )
    const kinds = (rule.filters ?? []).map((filter) => filter.type)
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

export const httpRouteSchema = z.strictObject({
  apiVersion: z.literal('gateway.networking.k8s.io/v1'),
  kind: z.literal('HTTPRoute'),
  metadata: routeMetadataSchema,
  spec: z
    .strictObject({
      parentRefs: z.array(parentRef).min(1, 'a route needs the Service it belongs to').max(32),
      rules: z.array(routeRuleSchema).min(1, 'a route needs a rule').max(64),
    })
    .superRefine(checkRuleNames),
})
export type HttpRoute = z.infer<typeof httpRouteSchema>
