// Inputs and outputs of `traffic.get`, `traffic.setWeights` and `traffic.watch`: the split editor's procedures.
import { serviceNameSchema } from '@heddle/shared/names'
import { routeKindSchema } from '@heddle/shared/resources/route'
import { spreadSchema } from '@heddle/shared/wire/console'
import { z } from 'zod'
import {
  changeMarkSchema,
  dataStateSchema,
  goldenSchema,
  healthSchema,
  protocolSchema,
  sparklineSchema,
} from './numbers.ts'
import { instanceCountSchema, objectiveSchema } from './services.ts'

export const trafficGetInputSchema = z.object({ service: serviceNameSchema })

export const trafficBackendSchema = z.object({
  /** The name in the backendRef: a service or a derived name such as catalog-v2. */
  name: z.string(),
  /** The service behind the name; null: the name does not exist, its share answers 500. */
  service: z.string().nullable(),
  /** null: every version. */
  version: z.string().nullable(),
  /** As stored; relative. */
  weight: z.number(),
  /** The weight's share in percent, for reading: whole, summing to 100 over the rule (largest remainder). */
  percent: z.number(),
  instances: instanceCountSchema,
  /** False: another backend of the rule has the same version name, so that its calls cannot be told apart from this one's. */
  isDistinct: z.boolean(),
  /** Where it joined within the last 15 minutes: when, ms since the epoch; its volume is that since then. */
  joinedAt: z.number().nullable(),
  /** The last 15 minutes of this rule on this backend. `requests` is the n. */
  golden: goldenSchema,
  /** Requests per second since the rule's last change, where `isFresh`; null: no whole step has gone by since. */
  rateSinceChange: z.number().nullable(),
  spark: sparklineSchema.omit({ failures: true }),
  health: healthSchema,
})
export type TrafficBackend = z.infer<typeof trafficBackendSchema>

export const trafficRuleSchema = z.object({
  kind: routeKindSchema,
  /** Name of the route. */
  route: z.string(),
  /** Name of the rule in it. */
  rule: z.string(),
  /** `<route>/<rule>`: the label in metrics. */
  label: z.string(),
  /** In words: "GET /products where header x-beta is 1". */
  match: z.string(),
  pathType: z.enum(['Exact', 'PathPrefix', 'RegularExpression']),
  /** Why it wins over the next: "exact path", "longest prefix", "one header more" …; null for the last. */
  winsBy: z.string().nullable(),
  /** Of the route; hand it back with an edit. */
  resourceVersion: z.string(),
  /** Sum of the backends' weights: `percent` is rounded, so that only weight and total tell 999 of 1,000 from all. */
  total: z.number(),
  /** Empty: the service itself; or the rule redirects. */
  backends: z.array(trafficBackendSchema),
  /** In words: "2 × on 502, 503, 504"; null: none. */
  retryPolicy: z.string().nullable(),
  timeoutMs: z.number().nullable(),
  /** In words, e.g. "rewrites the path to /v2"; empty: none. */
  filters: z.array(z.string()),
  golden: goldenSchema,
  lastChange: changeMarkSchema.omit({ summary: true }).nullable(),
  /** That change came within the window of the live numbers, which are those of two splits therefore. */
  isFresh: z.boolean(),
})
export type TrafficRule = z.infer<typeof trafficRuleSchema>

export const trafficGetOutputSchema = z.object({
  service: z.string(),
  protocol: protocolSchema,
  objective: objectiveSchema,
  /** The window of the live numbers. */
  windowMs: z.number(),
  data: dataStateSchema,
  /** The kind that the service's routes are of, or that a first one would be. */
  kind: routeKindSchema,
  /** HTTPRoutes that belong to the service and do nothing for it, since it has GRPCRoutes. */
  ignored: z.array(z.string()),
  /** One entry for each match, in the order in which they win; an entry's rule may come more than once. */
  rules: z.array(trafficRuleSchema),
  /** Versions known of the service, for adding a backend. */
  versions: z.array(z.object({ version: z.string(), backend: z.string(), instances: instanceCountSchema })),
  /** Proxies that took the last change of this service's routes, as the control planes know it; null: not known. */
  holders: z.number().nullable(),
})
export type TrafficGetOutput = z.infer<typeof trafficGetOutputSchema>

export const setWeightsInputSchema = z.object({
  /** Name of the route, and of the rule in it. */
  route: z.string().min(1).max(253),
  rule: z.string().min(1).max(253),
  /** Every backend that the rule is to have, once. */
  weights: z
    .array(
      z.object({
        backend: serviceNameSchema,
        weight: z
          .int('weights are whole numbers')
          .min(0, 'a weight cannot be negative')
          .max(1_000_000, 'a weight is at most 1000000'),
      }),
    )
    .min(1)
    .max(16),
  /** Backends among `weights` that the rule has not yet, and backends of the rule that it loses. */
  added: z.array(serviceNameSchema).max(16).default([]),
  removed: z.array(serviceNameSchema).max(16).default([]),
  /** The version of the route that the edit was made from: a stale one is refused (data.heddle.code "stale"). */
  resourceVersion: z.string().regex(/^\d+$/),
})
export const setWeightsOutputSchema = z.object({
  /** Of the change; null: the weights were these already. */
  revision: z.number().nullable(),
  resourceVersion: z.string(),
  warnings: z.array(z.string()),
})

/** After an apply: five minutes before and after the change, for the strip. */
export const trafficWatchInputSchema = z.object({
  service: serviceNameSchema,
  /** The rule that is watched; absent: all calls of the service, as where a route came or went. */
  label: z.string().min(1).max(507).optional(),
  revision: z.int().min(1),
})
export const trafficWatchOutputSchema = z.object({
  change: changeMarkSchema,
  data: dataStateSchema,
  /** null: no control plane has told of this revision (yet). */
  spread: spreadSchema.omit({ revision: true }).nullable(),
  before: goldenSchema,
  after: goldenSchema,
  /**
   * From five minutes before the change to now, at most five minutes after it: the steps that still fill, too, for nothing
   * here depends on the length of a step.
   */
  series: z.object({
    from: z.number(),
    stepMs: z.number(),
    successRate: z.array(z.number().nullable()),
    p99Ms: z.array(z.number().nullable()),
  }),
  /** The version whose weight in the rule the change raised most; null where it raised none, or not of one version alone. */
  rising: z.string().nullable(),
  versions: z.array(
    z.object({
      version: z.string(),
      /** Percent of the calls, before the change and since, up to the newest that was told; null: no calls. */
      share: z.object({
        before: z.number().nullable(),
        now: z.number().nullable(),
        /** Over the steps of `series`. */
        steps: z.array(z.number().nullable()),
      }),
      /** Over the whole steps before the change and after it; null: there is none yet. */
      requestsPerSecond: z.object({ before: z.number().nullable(), after: z.number().nullable() }),
    }),
  ),
})
