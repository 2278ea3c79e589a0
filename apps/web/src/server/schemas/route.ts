// Input and output of `route.get`: the page of one route.
import { serviceNameSchema } from '@heddle/shared/names'
import { routeSchema } from '@heddle/shared/resources/route'
import { RETRY_SKIPPED } from '@heddle/shared/wire/metrics'
import { z } from 'zod'
import { heatmapSchema, routeLabelSchema } from './charts.ts'
import {
  changeMarkSchema,
  dataStateSchema,
  goldenSchema,
  goldenSeriesSchema,
  healthSchema,
  rangeSchema,
  readRangeSchema,
  sparklineSchema,
} from './numbers.ts'
import { objectiveSchema } from './services.ts'

export const routeGetInputSchema = z.object({
  service: serviceNameSchema,
  /** `<route>/<rule>`, or `default`: the calls that no rule of a route took. */
  route: routeLabelSchema,
  range: rangeSchema,
})

/** How a call ended, as far as trying again goes. */
export const FATES = ['first_try', 'after_retry', ...RETRY_SKIPPED] as const
export type Fate = (typeof FATES)[number]

export const fateRowSchema = z.object({
  fate: z.enum(FATES),
  calls: z.number(),
  /** Percent of the calls; null without any. */
  share: z.number().nullable(),
  /** What it means here, by this route's configuration. */
  meaning: z.string(),
})
export type FateRow = z.infer<typeof fateRowSchema>

export const routeVersionSchema = goldenSchema.extend({
  version: z.string(),
  /** Percent of the calls, or of those since the youngest version joined; null without any. */
  share: z.number().nullable(),
  /** Where it joined within the last 15 minutes: when, ms since the epoch; its volume is that since then. */
  joinedAt: z.number().nullable(),
  health: healthSchema,
  spark: sparklineSchema,
})
export type RouteVersion = z.infer<typeof routeVersionSchema>

const verdictSchema = z.enum(['beyond_chance', 'chance', 'too_few'])
/** A version against the one that has most of the calls. */
export const versionComparisonSchema = z.object({
  version: z.string(),
  baseline: z.string(),
  /** Calls of the smaller sample. */
  n: z.number(),
  failures: verdictSchema,
  /** Of the p99. */
  latency: verdictSchema,
  words: z.string(),
})
export type VersionComparison = z.infer<typeof versionComparisonSchema>

export const appliedRuleSchema = z.object({
  /** null: what holds where no rule decides. */
  rule: z.string().nullable(),
  state: z.enum(['allow', 'default', 'audit', 'deny']),
  title: z.string(),
  detail: z.string(),
})
export type AppliedRule = z.infer<typeof appliedRuleSchema>

export const routeGetOutputSchema = z.object({
  service: z.string(),
  route: z.string(),
  /** Its matches in words; empty where no such rule is configured (any more). */
  matches: z.array(z.string()),
  /** What is configured for it, in words: "prefix", "retries 2 × on 502, 503", "timeout 2 s". */
  facts: z.array(z.string()),
  objective: objectiveSchema,
  links: z.array(z.object({ name: z.string(), href: z.string() })),
  range: readRangeSchema,
  data: dataStateSchema,
  side: z.enum(['callers', 'server']),
  golden: goldenSchema,
  health: healthSchema,
  sentence: z.string(),
  series: goldenSeriesSchema,
  heatmap: heatmapSchema,
  marks: z.array(changeMarkSchema),
  /** The last 15 minutes. */
  versions: z.array(routeVersionSchema),
  comparisons: z.array(versionComparisonSchema),
  fates: z.array(fateRowSchema),
  /** Those that apply first, what holds else last. */
  access: z.array(appliedRuleSchema),
  /** As `apply` takes it; null: no such route is configured. */
  resource: routeSchema.nullable(),
  lastTrafficAt: z.number().nullable(),
})
export type RouteGetOutput = z.infer<typeof routeGetOutputSchema>
