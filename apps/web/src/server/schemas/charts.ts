// Inputs and outputs of `charts.*`: what a chart asks for beyond its page's one answer.
import { serviceNameSchema } from '@heddle/shared/names'
import { z } from 'zod'
import { dataStateSchema, goldenSchema, goldenSeriesSchema, rangeSchema } from './numbers.ts'

export const routeLabelSchema = z
  .string()
  .regex(/^[!-~]{1,507}$/, 'must be "<HTTPRoute>/<rule>", or "default" where there is no route')

/** Cells of calls by time and latency. */
export const heatmapSchema = z.object({
  /** Begin of the first column, milliseconds since the epoch, and the length of each. */
  from: z.number(),
  stepMs: z.number(),
  /** Ends of the rows in milliseconds of latency, fastest first: one more than there are rows. Empty: no call. */
  boundsMs: z.array(z.number()),
  /** One for each whole column; calls of each row. */
  columns: z.array(z.array(z.number())),
  /** The largest cell. */
  most: z.number(),
})
export type Heatmap = z.infer<typeof heatmapSchema>

const chartOf = z.object({
  service: serviceNameSchema,
  /** Only this route. */
  route: routeLabelSchema.optional(),
  range: rangeSchema,
})
export const heatmapInputSchema = chartOf
export const heatmapOutputSchema = z.object({ data: dataStateSchema, heatmap: heatmapSchema })

/** `period`: the stretch of time of the same length that lies directly before the range. */
export const COMPARISONS = ['period', 'day', 'week'] as const
export type Comparison = (typeof COMPARISONS)[number]

export const pastInputSchema = chartOf.extend({ compare: z.enum(COMPARISONS) })
/** The stretch of time that a range is compared with. Older numbers are kept in longer steps. */
export const pastOutputSchema = z.object({
  /** Milliseconds that it lies before the range. */
  shiftMs: z.number(),
  golden: goldenSchema,
  series: goldenSeriesSchema,
})
export type Past = z.infer<typeof pastOutputSchema>
