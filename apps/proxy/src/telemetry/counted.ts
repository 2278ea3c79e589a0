// What one process of a proxy has counted, on its way to the one that has the totals: additions since the last time, and
// gauges as they stand. Each arrives once or not at all, and merging is adding.
import { patternRowSchema, routeRowSchema, ruleRowSchema, sparseHistogramSchema } from '@heddle/shared/wire/metrics'
import { z } from 'zod'
import type { Telemetry } from '../interfaces.ts'

const count = z.number().min(0)
const name = routeRowSchema.shape.destination
const side = routeRowSchema.shape.side

/** A tally's slots in its own order: both processes are of one build. */
export const countsSchema = z.object({ slots: z.array(count), latency: sparseHistogramSchema, latencySumMs: count })
export type Counts = z.infer<typeof countsSchema>

const labelsSchema = z.object({
  side,
  source: name,
  destination: name,
  version: name,
  route: routeRowSchema.shape.route,
})

export const EVENTS = [
  'peer_refused',
  'connection_failed',
  'tcp_refused',
  'endpoint_ejected',
  'endpoint_restored',
  'mirror_dropped',
] as const satisfies readonly Parameters<Telemetry['event']>[0][]

const gaugesSchema = z.object({
  inFlight: z.object({ outbound: z.int().min(0), inbound: z.int().min(0) }),
  /** Opaque connections. */
  open: z.array(z.object({ side, source: z.string(), destination: z.string(), n: z.int().min(1) })),
})
export type Gauges = z.infer<typeof gaugesSchema>

export const NO_GAUGES: Gauges = { inFlight: { outbound: 0, inbound: 0 }, open: [] }

export const countedSchema = z.object({
  series: z.array(z.object({ labels: labelsSchema, counts: countsSchema })),
  /** Series that were counted as `other`. */
  folded: count,
  rules: z.array(ruleRowSchema),
  patterns: z.array(patternRowSchema),
  events: z.partialRecord(z.enum(EVENTS), count),
  gauges: gaugesSchema,
})
export type Counted = z.infer<typeof countedSchema>
