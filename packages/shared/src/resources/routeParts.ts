// What HTTPRoute and GRPCRoute of the Gateway API have in common: parents, backends, header matches, filters of headers and
// mirrors, names of rules.
import { z } from 'zod'
import { parseGrpcStatuses } from '../grpcStatus.ts'
import { serviceNameSchema } from '../names.ts'
import { editableHeaderNameSchema, headerNameSchema, sendableHeaderValueSchema } from './headerField.ts'
import { RETRY_GRPC_ANNOTATION } from './httpRouteTerms.ts'
import { metadataSchema } from './metadata.ts'
import { isRegularExpression } from './regularExpression.ts'

const group = z.literal('', 'only the core group "" is supported').optional()
export const port = z.int().min(1).max(65535).optional()
export const regularExpression = z
  .string()
  .max(1024)
  .refine(isRegularExpression, 'must be a regular expression in RE2 syntax (no backreferences, no look-around)')
const matchedValue = z
  .string()
  .max(4096)
  .regex(/^[^\0\r\n]*$/, 'must not contain NUL or line breaks')

export const valueMatch = (name: z.ZodType<string>) =>
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('Exact'), name, value: matchedValue }),
    z.strictObject({ type: z.literal('RegularExpression'), name, value: regularExpression }),
  ])
/** A match that names no type is one of the type that the Gateway API gives it. */
export const withDefaultType = <T extends z.ZodType>(schema: T, type: string) =>
  z.preprocess(
    (value) => (typeof value === 'object' && value !== null && !('type' in value) ? { type, ...value } : value),
    schema,
  )

export const headerMatchesSchema = z.array(withDefaultType(valueMatch(headerNameSchema), 'Exact')).max(16)

const headerPair = z.strictObject({ name: editableHeaderNameSchema, value: sendableHeaderValueSchema })
const headerModifier = z.strictObject({
  set: z.array(headerPair).max(16).optional(),
  add: z.array(headerPair).max(16).optional(),
  remove: z.array(editableHeaderNameSchema).max(16).optional(),
})
export type HeaderModifier = z.infer<typeof headerModifier>

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

export const ruleName = z
  .string()
  .max(253)
  .regex(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/, 'must be lower-case letters, digits, "-" and "."')

export const parentRef = z.strictObject({
  group,
  kind: z.literal('Service', 'only parents of kind Service are supported'),
  name: serviceNameSchema,
  namespace: z.literal('default').optional(),
  sectionName: z.string().optional(),
  port,
})

export const routeMetadataSchema = metadataSchema.refine(
  ({ annotations }) => parseGrpcStatuses(annotations?.[RETRY_GRPC_ANNOTATION] ?? 'unavailable') !== undefined,
  {
    path: ['annotations', RETRY_GRPC_ANNOTATION],
    message: 'names statuses of gRPC such as "unavailable, resource-exhausted"',
  },
)

/** The filters that both kinds have. */
export const commonFilters = [
  z.strictObject({ type: z.literal('RequestHeaderModifier'), requestHeaderModifier: headerModifier }),
  z.strictObject({ type: z.literal('ResponseHeaderModifier'), responseHeaderModifier: headerModifier }),
  z.strictObject({ type: z.literal('RequestMirror'), requestMirror: mirror }),
] as const

interface Named {
  name?: string | undefined
}

/** Numbers and access rules point at a rule by its name. */
export function checkRuleNames({ rules }: { rules: readonly Named[] }, context: z.RefinementCtx): void {
  const names = rules.flatMap((rule) => rule.name ?? [])
  for (const [i, rule] of rules.entries())
    if (rule.name !== undefined && names.indexOf(rule.name) !== names.lastIndexOf(rule.name))
      context.addIssue({ code: 'custom', path: ['rules', i, 'name'], message: 'rule names are unique in a route' })
}

/** Those of a rule's filters that may be given once. */
export function checkFiltersOnce(
  rule: { filters?: readonly { type: string }[] | undefined },
  once: readonly string[],
  context: z.RefinementCtx,
): void {
  const kinds = (rule.filters ?? []).map((filter) => filter.type)
  for (const kind of once)
    if (kinds.filter((k) => k === kind).length > 1)
      context.addIssue({ code: 'custom', path: ['filters'], message: `${kind} may be given once in a rule` })
}
