// Messages of the WebSocket between a proxy and a control plane (wss://<control>/v1/proxy, mTLS, JSON text frames).
// Protocol rules:
// - The proxy speaks first (`hello`); the control plane answers with a `snapshot` of everything held.
// - Config is numbered by (epoch, revision); a proxy refuses a lower pair and keeps what it has.
// - One message is one atomic swap. An invalid one is refused whole (`nack`) and the old state stays.
// - A delta names the revision it was made from; a proxy that holds another one asks again with `hello`.
import { z } from 'zod'
import { documentSchema } from './config.ts'
import { metricsPayloadSchema } from './metrics.ts'

/** The control plane speaks this and the one before. */
export const PROTOCOL_VERSION = 1
/** WebSocket close code for "send a new hello": the base of a delta was unknown, or the protocol was broken. */
export const CLOSE_PROTOCOL = 4000
/** WebSocket close code for a revoked identity: do not come back. */
export const CLOSE_REVOKED = 4003
/** Largest frame either side accepts. */
export const MAX_FRAME_BYTES = 16 * 1024 * 1024

const revision = z.int().min(0)
const epoch = z.int().min(0)

const documentNameSchema = z
  .string()
  .max(512)
  .regex(/^(?:mesh|(?:inbound|destination|endpoints)\/[^/]+)$/)

export const helloSchema = z.object({
  type: z.literal('hello'),
  protocol: z.int().min(1),
  bootId: z.string().min(1).max(64),
  /** What is held from before, possibly from disk; null: nothing. */
  held: z.object({ epoch, revision }).nullable(),
  /** Names wanted; the control plane adds `mesh`, `inbound/<own>` and what this instance used before. */
  wants: z.array(documentNameSchema).max(10_000),
  /** null: a client only, with no inbound side. */
  inbound: z
    .object({
      address: z.string().max(253),
      port: z.int().min(1).max(65535),
      public: z.int().min(1).max(65535).nullable(),
    })
    .nullable(),
  /** Shown by `heddle status`. Ports. */
  outbound: z.int().min(1).max(65535),
  admin: z.int().min(1).max(65535),
  /** Random id of the HEDDLE_HOME: loopback endpoints are given only to proxies of the same one. */
  hostId: z.string().min(1).max(64),
  ready: z.boolean(),
  build: z.string().max(64),
})
export type Hello = z.infer<typeof helloSchema>

export const upMessageSchema = z.discriminatedUnion('type', [
  helloSchema,
  /** A destination's first use. Answered by a delta with its documents (also where the name is denied). */
  z.object({ type: z.literal('subscribe'), names: z.array(documentNameSchema).min(1).max(1_000) }),
  z.object({ type: z.literal('ack'), epoch, revision }),
  z.object({ type: z.literal('nack'), epoch, revision, reason: z.string().max(4096) }),
  /** Readiness of the app behind the proxy changed. */
  z.object({ type: z.literal('ready'), ready: z.boolean(), reason: z.string().max(512).optional() }),
  /** The instance is leaving: withdraw it, tell its callers, then answer `withdrawn`. */
  z.object({ type: z.literal('withdraw') }),
  z.object({
    type: z.literal('ejections'),
    endpoints: z.array(z.object({ instance: z.string().max(63), untilMs: z.number() })).max(1_000),
  }),
  /** A certificate request (PEM) for a renewal; the answer is `certificate`. */
  z.object({ type: z.literal('renew'), csr: z.string().max(8_192) }),
  z.object({
    type: z.literal('metrics'),
    /** Age of the payload's end, computed anew at each send; never wall time. */
    ageMs: z.number().min(0),
    payload: metricsPayloadSchema,
  }),
])
export type UpMessage = z.infer<typeof upMessageSchema>

export const certificateSchema = z.object({
  /** Leaf and issuers, PEM, leaf first. */
  chain: z.string(),
  /** Every root in force, PEM. */
  roots: z.array(z.string()).min(1),
})

/** Everything the proxy holds from now on; what it names no more is dropped. */
export const snapshotSchema = z.object({
  type: z.literal('snapshot'),
  epoch,
  revision,
  documents: z.array(documentSchema),
})

export const deltaSchema = z.object({
  type: z.literal('delta'),
  epoch,
  /** The revision this was made from. */
  base: revision,
  revision,
  documents: z.array(documentSchema),
  removed: z.array(documentNameSchema),
})

export const downMessageSchema = z.discriminatedUnion('type', [
  snapshotSchema,
  deltaSchema,
  certificateSchema.extend({ type: z.literal('certificate') }),
  z.object({ type: z.literal('renewal_refused'), reason: z.string() }),
  z.object({ type: z.literal('revoked'), identities: z.array(z.string()), instances: z.array(z.string()) }),
  /** The control planes to fail over to: base URLs, https. */
  z.object({ type: z.literal('controls'), urls: z.array(z.string()) }),
  /** The registry has withdrawn the instance; `callersTold` once every caller connected has acknowledged. */
  z.object({ type: z.literal('withdrawn'), callersTold: z.boolean() }),
  /** The delta was committed, or had been before. */
  z.object({ type: z.literal('metrics_ack'), bootId: z.string(), sequence: z.int() }),
])
export type DownMessage = z.infer<typeof downMessageSchema>
