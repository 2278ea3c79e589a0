// Golden numbers, series and health as the pages get them: shapes shared by several procedures.
// Success, volume, latency, always in that order; percentiles come from merged histograms and are never stored.
import { RETRY_SKIPPED } from '@heddle/shared/wire/metrics'
import { z } from 'zod'

/** The console's one time range: the last so many milliseconds (a live view), or fixed ends (ms since the epoch). */
export const rangeSchema = z.union([
  z.object({
    lastMs: z
      .number()
      .min(60_000)
      .max(400 * 24 * 3_600_000),
  }),
  z
    .object({ from: z.int().min(0), to: z.int().min(0) })
    .refine((range) => range.to - range.from >= 60_000, 'the range must be at least a minute long')
    .refine((range) => range.to - range.from <= 400 * 24 * 3_600_000, 'the range must be at most 400 days long'),
])
export type Range = z.infer<typeof rangeSchema>

/** The range that was read: ends on whole steps; `to` excludes the newest, still incomplete step. */
export const readRangeSchema = z.object({ from: z.number(), to: z.number(), stepMs: z.number() })

/** How fresh the numbers are. `partial` with a reason: something that should have reported did not. */
export const dataStateSchema = z.object({
  /** End of the newest data that was read, milliseconds since the epoch; null: none. */
  at: z.number().nullable(),
  partial: z.boolean(),
  /** A plain sentence, where `partial`. */
  reason: z.string().nullable(),
})
export type DataState = z.infer<typeof dataStateSchema>

export const goldenSchema = z.object({
  requests: z.number(),
  /** Requests that did not succeed (5xx, and the mesh's own answers of 500 and more). */
  failures: z.number(),
  requestsPerSecond: z.number(),
  /** Percent, 0–100; null without traffic. */
  successRate: z.number().nullable(),
  latencyMs: z.object({ p50: z.number().nullable(), p95: z.number().nullable(), p99: z.number().nullable() }),
})
export type Golden = z.infer<typeof goldenSchema>

export const protocolSchema = z.enum(['http', 'grpc', 'tcp'])
export type Protocol = z.infer<typeof protocolSchema>

/** What connections carried to the service and from it, in bytes per second. */
export const bytesPerSecondSchema = z.object({ to: z.number(), from: z.number() })
export type BytesPerSecond = z.infer<typeof bytesPerSecondSchema>

/** One value per step from `from` on; null where no data came (a gap), 0 where it is known that nothing happened. */
const values = z.array(z.number().nullable())

export const sparklineSchema = z.object({
  from: z.number(),
  stepMs: z.number(),
  requestsPerSecond: values,
  successRate: values,
  failures: values,
  p99Ms: values,
})
export type Sparkline = z.infer<typeof sparklineSchema>

/** A thumbnail of volume, and the steps that fell below the objective: what a list of a thousand services can carry. */
export const volumeSparkSchema = z.object({
  requestsPerSecond: values,
  /** Places of the steps in which two calls or more failed, below the objective, and their success in percent. */
  troubled: z.array(z.object({ step: z.number(), successRate: z.number() })),
})
export type VolumeSpark = z.infer<typeof volumeSparkSchema>

export const goldenSeriesSchema = z.object({
  from: z.number(),
  stepMs: z.number(),
  requests: values,
  failures: values,
  successRate: values,
  /** Requests per second, by outcome; they add up to the volume. */
  volume: z.object({
    ok: values,
    clientError: values,
    serverError: values,
    meshError: values,
    denied: values,
    limited: values,
    cancelled: values,
  }),
  latencyMs: z.object({ p50: values, p95: values, p99: values }),
})
export type GoldenSeries = z.infer<typeof goldenSeriesSchema>

/** healthy, degraded (below an objective), failing (far below), idle (no traffic), unknown (nobody reports). */
export const healthStateSchema = z.enum(['healthy', 'degraded', 'failing', 'idle', 'unknown'])
export type HealthState = z.infer<typeof healthStateSchema>

/** Judged on the last 15 minutes of the range, whatever its length. */
export const healthSchema = z.object({
  state: healthStateSchema,
  /** What is wrong, with both sides: "success 98.69 % < 99.5 %"; null where healthy. */
  reason: z.string().nullable(),
  /** What makes up the trouble, where known: "190 of 14,544 failed; 171 are timeout on products/charge"; null where failures are not it. */
  cause: z.string().nullable(),
  /** Since when it has been so without a break, within the last 30 minutes; null: not known, or healthy. */
  since: z.number().nullable(),
})
export type Health = z.infer<typeof healthSchema>

/** Of one of many rows, which are read with each tick: what it shows, and no more. */
export const rowHealthSchema = healthSchema.pick({ state: true, reason: true })
export type RowHealth = z.infer<typeof rowHealthSchema>
export const rowGoldenSchema = goldenSchema.extend({ latencyMs: goldenSchema.shape.latencyMs.pick({ p99: true }) })

export const retriesSchema = z.object({
  made: z.number(),
  /** Requests that succeeded only after a repeat. */
  recovered: z.number(),
  skipped: z.partialRecord(z.enum(RETRY_SKIPPED), z.number()),
})

/** A change as charts, lists and headers mention it. */
export const changeMarkSchema = z.object({
  revision: z.number(),
  /** Milliseconds since the epoch. */
  at: z.number(),
  actor: z.string(),
  summary: z.string(),
})
export type ChangeMark = z.infer<typeof changeMarkSchema>
