// Inputs and outputs of the procedures under `services`.
import { serviceNameSchema } from '@heddle/shared/names'
import { serviceSchema } from '@heddle/shared/resources/service'
import { z } from 'zod'
import { SHOWN, SORTS } from '../../data/serviceList.ts'
import { listWindowSchema } from './listWindow.ts'
import {
  bytesPerSecondSchema,
  changeMarkSchema,
  dataStateSchema,
  goldenSchema,
  goldenSeriesSchema,
  healthSchema,
  healthStateSchema,
  protocolSchema,
  rangeSchema,
  readRangeSchema,
  retriesSchema,
  rowGoldenSchema,
  rowHealthSchema,
  sparklineSchema,
  volumeSparkSchema,
} from './numbers.ts'

export const instanceCountSchema = z.object({ ready: z.number(), all: z.number() })

export const objectiveSchema = z.object({
  /** Percent. */
  successRate: z.number(),
  latencyP99Ms: z.number().nullable(),
})

export const versionShareSchema = goldenSchema.extend({
  version: z.string(),
  /** Percent of the service's requests in the range, or since `sharesSince`; null without traffic. */
  share: z.number().nullable(),
  /** Where it joined within the range: when, ms since the epoch; its volume is that since then. */
  joinedAt: z.number().nullable(),
  instances: instanceCountSchema,
  health: healthSchema,
})
/** Where a version joined within the range: since when shares are counted, ms since the epoch; null: in the whole range. */
const sharesSinceSchema = z.number().nullable()
export type VersionShare = z.infer<typeof versionShareSchema>

/** The part of the list that is in sight, as it is filtered and sorted. */
export const servicesListInputSchema = z.object({
  range: rangeSchema,
  /** Words, all of which must hold; see matchesFilter. */
  filter: z.string().max(500).default(''),
  show: z.enum(SHOWN).default('all'),
  sort: z.enum(SORTS).default('status'),
  order: z.enum(['asc', 'desc']).default('asc'),
  ...listWindowSchema.shape,
})
export type ServicesListInput = z.infer<typeof servicesListInputSchema>

export const servicesAttentionInputSchema = z.object({ range: rangeSchema })

/** How many services are failing or degraded, as `services.list` counts them. */
export const servicesAttentionOutputSchema = z.object({ attention: z.number() })

/** Numbers are rounded to more figures than are shown. */
export const serviceRowSchema = goldenSchema.extend({
  service: z.string(),
  /** From the label `owner`. */
  owner: z.string().nullable(),
  protocol: protocolSchema,
  /** Of TCP: what its connections carried; null: its calls are requests. */
  bytesPerSecond: bytesPerSecondSchema.nullable(),
  /** Where it joined within the range: when, ms since the epoch; its volume is that since then. */
  joinedAt: z.number().nullable(),
  health: healthSchema,
  objective: objectiveSchema,
  /** The last 30 minutes, whatever the range; null: without any call. */
  spark: volumeSparkSchema.nullable(),
  versions: z.array(versionShareSchema.pick({ version: true, share: true }).extend({ state: healthStateSchema })),
  sharesSince: sharesSinceSchema,
  instances: instanceCountSchema,
  /** End of the last step with traffic, also before the range; null: none in what is kept. */
  lastTrafficAt: z.number().nullable(),
})
export type ServiceRow = z.infer<typeof serviceRowSchema>

export const servicesListOutputSchema = z.object({
  range: readRangeSchema,
  data: dataStateSchema,
  /** Every call from one service to another once, callers' side. `before`: the same length of time just before. */
  mesh: goldenSchema.extend({ spark: sparklineSchema, before: goldenSchema }),
  /** At most three, worst first, only those that are failing or degraded. */
  worst: z.array(z.object({ service: z.string(), health: healthSchema })).max(3),
  /** Of those that meet their objective in the range, the one with the least left; percent. null: nothing failed. */
  closest: z.object({ service: z.string(), successRate: z.number(), objective: z.number() }).nullable(),
  attention: z.number(),
  changes: z.array(changeMarkSchema),
  /** How many services there are, whatever is filtered. */
  counts: z.record(z.enum(SHOWN), z.number()).and(z.object({ withoutCalls: z.number() })),
  /** How many the filter keeps. */
  kept: z.number(),
  /** Where it keeps none: how many each of its words matches alone. */
  words: z.array(z.object({ word: z.string(), rows: z.number() })),
  /** Place of the first of `rows` among those that are kept; before the one asked for, where those are fewer. */
  from: z.number(),
  /** In the order asked for; equals worst first. */
  rows: z.array(serviceRowSchema),
})
export type ServicesListOutput = z.infer<typeof servicesListOutputSchema>

export const servicesGetInputSchema = z.object({ service: serviceNameSchema, range: rangeSchema })

export const edgeSchema = rowGoldenSchema.extend({
  /** The other end: a service, `public` (a caller outside the mesh) or `egress`. */
  peer: z.string(),
  /** Of TCP: what its connections carried; null: its calls are requests. */
  bytesPerSecond: bytesPerSecondSchema.nullable(),
  health: rowHealthSchema,
})
export type Edge = z.infer<typeof edgeSchema>

export const serviceRouteRowSchema = goldenSchema.extend({
  /** `<HTTPRoute>/<rule>` or `default`. */
  route: z.string(),
  /** The match in words, where the route still exists: "GET /products where header x-beta is 1". */
  match: z.string().nullable(),
  health: rowHealthSchema,
  retries: retriesSchema,
  denied: z.number(),
  limited: z.number(),
  cancelled: z.number(),
  /** The mesh's own answers by code. */
  meshErrors: z.record(z.string(), z.number()),
  /** Configured backends in percent; empty where the service itself answers. */
  split: z.array(z.object({ backend: z.string(), percent: z.number() })),
  /** In words ("2 × on 502, 503"); null: none. */
  retryPolicy: z.string().nullable(),
  timeoutMs: z.number().nullable(),
})
export type ServiceRouteRow = z.infer<typeof serviceRouteRowSchema>

export const instanceRowSchema = z.object({
  instance: z.string(),
  version: z.string(),
  /** Milliseconds since the epoch. */
  firstSeenAt: z.number(),
  ready: z.boolean(),
  readyReason: z.string().nullable(),
  /** null: not known, because no control plane answers. */
  connected: z.boolean().nullable(),
  /** Host and port that callers use; null: a client only. */
  address: z.string().nullable(),
  /** Callers that have ejected it, and until when (ms since the epoch). */
  ejectedBy: z.array(z.object({ instance: z.string(), untilMs: z.number() })),
  revision: z.number().nullable(),
  wantedRevision: z.number().nullable(),
})

export const servicesGetOutputSchema = z.object({
  service: z.string(),
  /** As `apply` takes it, with metadata.resourceVersion. */
  resource: serviceSchema,
  resourceVersion: z.string(),
  owner: z.string().nullable(),
  protocol: protocolSchema,
  /** Of TCP: what its connections carried; null: its calls are requests. */
  bytesPerSecond: bytesPerSecondSchema.nullable(),
  /** Where it joined within the range: when, ms since the epoch; its volume is that since then. */
  joinedAt: z.number().nullable(),
  balancing: z.enum(['peak-ewma', 'round-robin']),
  objective: objectiveSchema,
  /** Templates of the Service resource, filled in. */
  links: z.array(z.object({ name: z.string(), href: z.string() })),
  range: readRangeSchema,
  data: dataStateSchema,
  /** `callers`: seen by its callers after retries; `server`: its own proxies, where no caller is in the mesh. */
  side: z.enum(['callers', 'server']),
  golden: goldenSchema,
  /** The server's own view, before retries. */
  serverSide: goldenSchema,
  health: healthSchema,
  /** The header's one sentence with the cause. */
  sentence: z.string(),
  versions: z.array(versionShareSchema),
  sharesSince: sharesSinceSchema,
  instanceCount: instanceCountSchema,
  series: goldenSeriesSchema,
  marks: z.array(changeMarkSchema),
  /** Worst first. */
  routes: z.array(serviceRouteRowSchema),
  callers: z.array(edgeSchema),
  callees: z.array(edgeSchema),
  instances: z.array(instanceRowSchema),
  lastTrafficAt: z.number().nullable(),
})
export type ServicesGetOutput = z.infer<typeof servicesGetOutputSchema>

/** What stands above every tab of a service. */
export const serviceHeadSchema = servicesGetOutputSchema
  .pick({
    service: true,
    resource: true,
    objective: true,
    owner: true,
    protocol: true,
    joinedAt: true,
    balancing: true,
    links: true,
    health: true,
    sentence: true,
    instanceCount: true,
  })
  .extend({
    /** Their names. */
    versions: z.array(z.string()),
    /** Those that are configured: calls that no route took are listed too, and are none. */
    routes: z.number(),
    /** A route has several backends. */
    isSplit: z.boolean(),
  })
export type ServiceHead = z.infer<typeof serviceHeadSchema>
