// Inputs and outputs of making, editing and deleting routes, of the box that tells which route a request takes, of what
// a backend can be, and of the mesh-wide list of splits.
import { serviceNameSchema } from '@heddle/shared/names'
import { routeKindSchema, routeSchema } from '@heddle/shared/resources/route'
import { z } from 'zod'
import { changeMarkSchema, dataStateSchema, goldenSchema, rowHealthSchema } from './numbers.ts'
import { instanceCountSchema } from './services.ts'

const versionSchema = z.string().regex(/^\d+$/)

export const saveRouteInputSchema = z.object({
  route: routeSchema,
  /** The version that the edit was made from; null: the route is made, and refused where there is one. */
  resourceVersion: versionSchema.nullable(),
})
export const savedSchema = z.object({
  /** Of the change; null: it was like this already. */
  revision: z.number().nullable(),
  resourceVersion: z.string(),
  warnings: z.array(z.string()),
})
export const removeRouteInputSchema = z.object({
  kind: routeKindSchema,
  name: z.string().min(1).max(253),
  resourceVersion: versionSchema,
})
export const removedSchema = z.object({ revision: z.number() })

/** A request as one would write it down. */
export const explainInputSchema = z.object({
  service: serviceNameSchema,
  method: z.string().regex(/^[A-Za-z]{1,20}$/, 'a method is letters, e.g. GET'),
  /** With the query, if any. */
  path: z.string().min(1).max(4096),
  headers: z
    .array(z.object({ name: z.string().min(1).max(256), value: z.string().max(4096) }))
    .max(32)
    .default([]),
  /** A route as it would be, in place of the stored one of its name. */
  draft: routeSchema.optional(),
})
export const explainOutputSchema = z.object({
  /** Why no request can be like this, or what stands in for a route: one sentence; null: a rule won. */
  refusal: z.string().nullable(),
  /** The request's path as it is matched. */
  path: z.string(),
  /** In winning order. */
  rules: z.array(
    z.object({
      label: z.string(),
      match: z.string(),
      outcome: z.enum(['won', 'outranked', 'no_match']),
      why: z.string(),
      backends: z.array(z.object({ name: z.string(), percent: z.number() })),
      filters: z.array(z.string()),
    }),
  ),
})
export type RouteExplained = z.infer<typeof explainOutputSchema>

export const splitsLeftInputSchema = z.object({
  service: serviceNameSchema,
  /** As it would be, in place of the stored one of its name. */
  draft: routeSchema,
})
/** One for each split and each rule that takes requests out of it. */
export const splitsLeftOutputSchema = z.array(
  z.object({
    /** Which requests would leave which split, and what share would end: two sentences. */
    strong: z.string(),
    rest: z.string(),
    /** Label of the rule that has them now, and how it splits them. */
    from: z.string(),
    backends: z.array(z.object({ name: z.string(), weight: z.number() })),
  }),
)
export type LeftSplit = z.infer<typeof splitsLeftOutputSchema>[number]

/** Names that a backend can have: services, and versions of services. */
export const backendNamesOutputSchema = z.object({
  names: z.array(
    z.object({
      name: z.string(),
      service: z.string(),
      version: z.string().nullable(),
      instances: instanceCountSchema,
    }),
  ),
  /** Names of the routes that there are, of both kinds. */
  routes: z.array(z.string()),
})
export type BackendName = z.infer<typeof backendNamesOutputSchema>['names'][number]

/** Latencies stand on the service's own page. */
const volumeSchema = goldenSchema.pick({ requests: true, requestsPerSecond: true, successRate: true })

export const splitSchema = z.object({
  label: z.string(),
  match: z.string(),
  /** As configured. */
  backends: z.array(
    z.object({
      name: z.string(),
      version: z.string().nullable(),
      weight: z.number(),
      /** The last 15 minutes of this rule on this backend; null: its calls cannot be told from a sibling's. */
      golden: volumeSchema.nullable(),
      health: rowHealthSchema,
    }),
  ),
  /** The last change that moved the weights of this rule; null: none is known. */
  moved: changeMarkSchema.omit({ summary: true }).nullable(),
})
export type Split = z.infer<typeof splitSchema>

export const trafficListOutputSchema = z.object({
  data: dataStateSchema,
  windowMs: z.number(),
  /** Services with routes: those with a split in progress first, then by volume. */
  rows: z.array(
    z.object({
      service: z.string(),
      owner: z.string().nullable(),
      rules: z.number(),
      golden: volumeSchema,
      health: rowHealthSchema,
      /** Rules that send to two or more backends with a weight. */
      splits: z.array(splitSchema),
    }),
  ),
  /** Services that have no routes. */
  unrouted: z.number(),
})
export type TrafficListRow = z.infer<typeof trafficListOutputSchema>['rows'][number]
