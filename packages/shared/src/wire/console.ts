// Messages from a control plane to the console (wss://<control>/v1/console, mTLS with the console's identity).
import { z } from 'zod'
import { certificateSchema } from './messages.ts'
import { edgeRowSchema, routeRowSchema, ruleRowSchema } from './metrics.ts'

export const proxyStateSchema = z.object({
  instance: z.string(),
  service: z.string(),
  version: z.string(),
  connected: z.boolean(),
  connectedSince: z.number().nullable(),
  ready: z.boolean(),
  readyReason: z.string().nullable(),
  /** Held and acknowledged; null before the first acknowledgement. */
  revision: z.number().nullable(),
  /** What the proxy should hold. */
  wantedRevision: z.number(),
  /** How long its last acknowledgement took after the push, in milliseconds. */
  ackDelayMs: z.number().nullable(),
  nack: z.object({ revision: z.number(), reason: z.string() }).nullable(),
  ejections: z.array(z.object({ instance: z.string(), untilMs: z.number() })),
  build: z.string(),
})
export type ProxyState = z.infer<typeof proxyStateSchema>

/** Committed rows of one 10 s bucket, merged over proxies. A bucket may come again with more rows: they add. */
export const liveBucketSchema = z.object({
  /** Start, milliseconds since the epoch, a multiple of 10,000. */
  at: z.number(),
  routes: z.array(routeRowSchema),
  edges: z.array(edgeRowSchema),
  rules: z.array(ruleRowSchema),
})
export type LiveBucket = z.infer<typeof liveBucketSchema>

/** Delays of acknowledgements that a spread tells at most: as many as a small picture can show. */
export const ACKS_TOLD = 48

/** How far a revision's changed documents have spread. */
export const spreadSchema = z.object({
  revision: z.number(),
  /** Proxies that hold a changed document. */
  holders: z.number(),
  acknowledged: z.number(),
  /** Delay of the last acknowledgement after the commit was seen; null while none has come. */
  lastAckMs: z.number().nullable(),
  /** Some of those delays, ascending, the shortest and the longest always among them: how the change came about. */
  ackMs: z.array(z.number()).max(ACKS_TOLD),
})
export type Spread = z.infer<typeof spreadSchema>

export const consoleMessageSchema = z.discriminatedUnion('type', [
  /** First, and again after a reconnect: everything of the last 15 minutes. */
  z.object({
    type: z.literal('state'),
    controlId: z.string(),
    now: z.number(),
    buckets: z.array(liveBucketSchema),
    proxies: z.array(proxyStateSchema),
    spreads: z.array(spreadSchema),
  }),
  z.object({ type: z.literal('live'), now: z.number(), buckets: z.array(liveBucketSchema) }),
  z.object({ type: z.literal('proxies'), proxies: z.array(proxyStateSchema), gone: z.array(z.string()) }),
  z.object({ type: z.literal('spread'), spreads: z.array(spreadSchema) }),
  /** The answer to `renew`. */
  certificateSchema.extend({ type: z.literal('certificate') }),
  z.object({ type: z.literal('renewal_refused'), reason: z.string() }),
])
export type ConsoleMessage = z.infer<typeof consoleMessageSchema>

/** What the console says: a certificate request (PEM) at half its leaf's life. The identity stays the console's. */
export const consoleUpMessageSchema = z.object({ type: z.literal('renew'), csr: z.string().max(8_192) })
export type ConsoleUpMessage = z.infer<typeof consoleUpMessageSchema>
