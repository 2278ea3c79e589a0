// Input and output of `proxies.list`.
import { z } from 'zod'
import { PROXY_FILTERS } from '../../data/proxyState.ts'
import { listWindowSchema } from './listWindow.ts'

/** The part of the list that is in sight, as it is filtered. */
export const proxiesListInputSchema = z
  .object({
    /** Words, each of which the instance, the service or the version contains. */
    filter: z.string().max(500).default(''),
    show: z.enum(PROXY_FILTERS).default('all'),
    ...listWindowSchema.shape,
  })
  .prefault({})
export type ProxiesListInput = z.infer<typeof proxiesListInputSchema>

const listedProxySchema = z.object({
  instance: z.string(),
  service: z.string(),
  version: z.string(),
  /** null: not known. */
  connected: z.boolean().nullable(),
  connectedSince: z.number().nullable(),
  ready: z.boolean(),
  readyReason: z.string().nullable(),
  revision: z.number().nullable(),
  wantedRevision: z.number().nullable(),
  ackDelayMs: z.number().nullable(),
  nack: z.object({ revision: z.number(), reason: z.string() }).nullable(),
  certificateIssuedAt: z.number().nullable(),
  certificateExpiresAt: z.number().nullable(),
  address: z.string().nullable(),
  outbound: z.number(),
  inbound: z.number().nullable(),
  admin: z.number(),
  build: z.string().nullable(),
})
export type ListedProxy = z.infer<typeof listedProxySchema>

export const proxiesListOutputSchema = z.object({
  /** False: no control plane answers, so that only what Postgres knows is shown. */
  live: z.boolean(),
  reason: z.string().nullable(),
  configVersion: z.number(),
  /** How many proxies each filter keeps, whatever else is filtered; and how many hold what they should. */
  counts: z.record(z.enum(PROXY_FILTERS), z.number()).and(z.object({ current: z.number() })),
  /** The build that most have; null: none is known. */
  build: z.string().nullable(),
  /** Last acknowledgements of those that are connected. */
  delays: z.object({
    /** Where ticks stand on the axis of delays (0–1), ascending; one for all that stand in the same place. */
    places: z.array(z.number()),
    /** null: nobody has acknowledged anything. */
    slowest: z.object({ instance: z.string(), ms: z.number() }).nullable(),
  }),
  /** null: none is known. */
  certificates: z
    .object({
      /** How many have so much left: from nothing to a whole life. */
      bars: z.array(z.number()),
      /** Bars below this one hold certificates that renewal should have replaced. */
      lateBars: z.number(),
      /** The whole life of most of them, milliseconds. */
      lifeMs: z.number(),
      /** That ends first; milliseconds since the epoch. */
      first: z.object({ instance: z.string(), expiresAt: z.number() }),
    })
    .nullable(),
  /** How many the filters keep. */
  kept: z.number(),
  /** Place of the first of `proxies` among those that are kept; before the one asked for, where those are fewer. */
  from: z.number(),
  /** Worst first, then by name. */
  proxies: z.array(listedProxySchema),
})
export type ProxiesListOutput = z.infer<typeof proxiesListOutputSchema>
