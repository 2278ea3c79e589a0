// Metric deltas: what a proxy counted since its last report. Merging is adding; identity comes from the certificate.
import { z } from 'zod'
import { HISTOGRAM_SIZE } from '../histogram.ts'
import { DNS_LABEL } from '../names.ts'

const count = z.int().min(0).max(1e12)

export const sparseHistogramSchema = z
  .object({
    index: z
      .array(
        z
          .int()
          .min(0)
          .max(HISTOGRAM_SIZE - 1),
      )
      .max(HISTOGRAM_SIZE),
    count: z.array(z.int().min(1).max(1e12)).max(HISTOGRAM_SIZE),
  })
  .refine((h) => h.index.length === h.count.length, 'index and count differ in length')

/** Reasons for which a retry was not made (Heddle's own: the others do not tell). */
export const RETRY_SKIPPED = [
  'not_retryable',
  'body_too_large',
  'budget_exhausted',
  'attempts_exhausted',
  'deadline',
] as const
export type RetrySkipped = (typeof RETRY_SKIPPED)[number]

/**
 * How requests ended. Each request counts in `requests` and in exactly one of `ok` … `cancelled`;
 * success = requests - cancelled - serverError - (mesh errors with a status of 500 and more).
 */
export const outcomesSchema = z.object({
  requests: count,
  /** The application answered 1xx–3xx. */
  ok: count,
  /** The application answered 4xx. */
  clientError: count,
  /** The application answered 5xx. */
  serverError: count,
  /** The mesh itself answered, by code of the error table, but for denied and limited. */
  meshErrors: z.record(z.string().regex(/^[a-z_]{1,40}$/), count),
  denied: count,
  limited: count,
  /** The caller went away before the answer's head. */
  cancelled: count,
  /** Requests that succeeded after at least one repeat count in `ok` and here. */
  recovered: count,
  retriesMade: count,
  retriesSkipped: z.partialRecord(z.enum(RETRY_SKIPPED), count),
  bytesIn: count,
  bytesOut: count,
  /** From the request's head received to the answer's head sent, of all but the cancelled. */
  latency: sparseHistogramSchema,
})
export type Outcomes = z.infer<typeof outcomesSchema>

// Labels are keys of an index, whose rows Postgres bounds (2,704 bytes): each is bounded in bytes, all of them together.

/** Label of what was not reached, or has no name. */
export const NO_LABEL = '-'
/** A service, a version, or one of the words for what is none (`public`, `egress`, `other`: DNS labels too, and `-`). */
const nameLabel = z.union([z.literal(NO_LABEL), z.string().regex(DNS_LABEL)])
/** `<HTTPRoute>/<rule>`: two resource names of at most 253 characters. */
const routeLabel = z.string().regex(/^[!-~]{1,507}$/, 'must be 1 to 507 printable ASCII characters')
const ruleLabel = z.string().regex(/^[!-~]{1,253}$/, 'must be 1 to 253 printable ASCII characters')

/** (side, destination, version, route): `outbound` is the callers' view after retries, `inbound` the server's. */
export const routeRowSchema = outcomesSchema.extend({
  side: z.enum(['outbound', 'inbound']),
  destination: nameLabel,
  /** Version that answered; `-` where none was reached. */
  version: nameLabel,
  route: routeLabel,
})
export type RouteRow = z.infer<typeof routeRowSchema>

/** (side, source, destination). */
export const edgeRowSchema = outcomesSchema.extend({
  side: z.enum(['outbound', 'inbound']),
  source: nameLabel,
  destination: nameLabel,
})
export type EdgeRow = z.infer<typeof edgeRowSchema>

/** Hits of access rules. Audit verdicts count what the rule would have changed. */
export const ruleRowSchema = z.object({
  rule: ruleLabel,
  source: nameLabel,
  verdict: z.enum(['allowed', 'denied', 'audit_would_allow', 'audit_would_deny']),
  hits: count,
})
export type RuleRow = z.infer<typeof ruleRowSchema>

/** Call patterns of the server's side, for rule previews: id-like path segments as `*`. */
export const patternRowSchema = z.object({
  source: nameLabel,
  method: z.string().max(32),
  /** Up to three bytes a character: what applications answer to need not be ASCII. */
  path: z.string().max(512),
  route: routeLabel,
  calls: count,
})
export type PatternRow = z.infer<typeof patternRowSchema>

/** Immutable once made: a resend carries the same (bootId, sequence) and the same payload. */
export const metricsPayloadSchema = z.object({
  bootId: z.string().regex(/^[!-~]{1,64}$/),
  sequence: z.int().min(1),
  /** Length of the interval that the delta covers. */
  intervalMs: z.number().min(0).max(3_600_000),
  routes: z.array(routeRowSchema).max(5_000),
  edges: z.array(edgeRowSchema).max(5_000),
  rules: z.array(ruleRowSchema).max(5_000),
  patterns: z.array(patternRowSchema).max(5_000),
  /** Reports that were dropped before this one because they had been refused for 15 minutes. */
  droppedReports: count,
})
export type MetricsPayload = z.infer<typeof metricsPayloadSchema>
