// Service (heddle.dev/v1): the settings of one service. Every field has a default; the defaults are Linkerd's where it has one.
import { z } from 'zod'
import { durationMs, durationSchema } from '../duration.ts'
import { serviceNameSchema } from '../names.ts'
import { metadataSchema } from './metadata.ts'

export const objectiveSchema = z.strictObject({
  /** Percent of requests that succeed, e.g. 99.5; below it the service is degraded. */
  successRate: z.number().min(0).max(100).optional(),
  latencyP99: durationSchema.optional(),
})

export const serviceSchema = z.strictObject({
  apiVersion: z.literal('heddle.dev/v1'),
  kind: z.literal('Service'),
  metadata: metadataSchema.extend({ name: serviceNameSchema }),
  spec: z
    .strictObject({
      protocol: z.enum(['http', 'grpc', 'tcp']).optional(),
      balancing: z.enum(['peak-ewma', 'round-robin']).optional(),
      breaker: z
        .strictObject({
          consecutiveFailures: z.int().min(1).max(1000).optional(),
          minPenalty: durationSchema.optional(),
          maxPenalty: durationSchema.optional(),
        })
        .refine(
          (b) => durationMs(b.minPenalty ?? '1s') <= durationMs(b.maxPenalty ?? '60s'),
          'minPenalty must not be longer than maxPenalty',
        )
        .optional(),
      retryBudget: z
        .strictObject({
          percent: z.int().min(0).max(100).optional(),
          minPerSecond: z.int().min(0).max(100_000).optional(),
          window: durationSchema.refine((w) => durationMs(w) >= 1_000, 'must be at least 1s').optional(),
        })
        .optional(),
      limits: z
        .strictObject({
          requestsPerSecond: z.int().min(1).max(10_000_000).optional(),
          perCaller: z.int().min(1).max(10_000_000).optional(),
        })
        .optional(),
      objective: objectiveSchema.optional(),
      links: z
        .record(
          z.string().min(1).max(40),
          z
            .string()
            .max(2048)
            .regex(/^https?:\/\//, 'must be a link that begins with http:// or https://'),
        )
        .optional(),
    })
    .optional(),
})
export type Service = z.infer<typeof serviceSchema>

/** A service's settings with every default filled in, durations in milliseconds. `limits` null: unlimited. */
export interface ServiceSettings {
  protocol: 'http' | 'grpc' | 'tcp'
  balancing: 'peak-ewma' | 'round-robin'
  breaker: { consecutiveFailures: number; minPenaltyMs: number; maxPenaltyMs: number }
  retryBudget: { percent: number; minPerSecond: number; windowMs: number }
  limits: { requestsPerSecond: number | null; perCaller: number | null }
}

/** Breaker: Linkerd's `consecutive` failure accrual. Budget: Linkerd's ServiceProfile retry budget. */
export function serviceSettings(service: Service | undefined): ServiceSettings {
  const spec = service?.spec ?? {}
  return {
    protocol: spec.protocol ?? 'http',
    balancing: spec.balancing ?? 'peak-ewma',
    breaker: {
      consecutiveFailures: spec.breaker?.consecutiveFailures ?? 7,
      minPenaltyMs: durationMs(spec.breaker?.minPenalty ?? '1s'),
      maxPenaltyMs: durationMs(spec.breaker?.maxPenalty ?? '60s'),
    },
    retryBudget: {
      percent: spec.retryBudget?.percent ?? 20,
      minPerSecond: spec.retryBudget?.minPerSecond ?? 10,
      windowMs: durationMs(spec.retryBudget?.window ?? '10s'),
    },
    limits: {
      requestsPerSecond: spec.limits?.requestsPerSecond ?? null,
      perCaller: spec.limits?.perCaller ?? null,
    },
  }
}
