// What the primary of a proxy and its workers say to each other, over the pipe that Node gives them; it is the only place
// where an instance's key leaves the process that made it, and that for processes of the same instance. Both sides check
// what comes like anything else from outside.
import { deltaSchema, snapshotSchema } from '@heddle/shared/wire/messages'
import { z } from 'zod'
import { storedConfigSchema } from '../control/configStore.ts'
import { countedSchema } from '../telemetry/counted.ts'
import { usageSchema } from '../telemetry/usage.ts'

const port = z.int().min(1).max(65_535)
const place = z.object({ address: z.string(), port })

const settingsSchema = z.object({
  service: z.string(),
  version: z.string(),
  instance: z.string(),
  appPort: port.nullable(),
  publicPort: port.nullable(),
  outboundPort: port,
  /** 0 for a client only. */
  inboundPort: port.or(z.literal(0)),
  upstreams: z.array(z.object({ name: z.string(), port })),
  listenAddress: z.string(),
  controls: z.array(place),
  share: z.number().gt(0).max(1),
})

const materialSchema = z.object({
  generation: z.int(),
  key: z.string(),
  chain: z.string(),
  roots: z.array(z.string()).min(1),
  trustDomain: z.string(),
  notAfter: z.number(),
})

const revokedSchema = z.object({ identities: z.array(z.string()), instances: z.array(z.string()) })

export const toWorkerSchema = z.discriminatedUnion('type', [
  /** Answered by `listening` or `failed`; after that it may be asked again. */
  z.object({
    type: z.literal('start'),
    /** From 1; it goes into each line of the log. */
    worker: z.int().min(1),
    settings: settingsSchema,
    config: storedConfigSchema.nullable(),
    material: materialSchema,
    revoked: revokedSchema,
  }),
  // Each of the following is answered by `done`, in the order of the questions.
  /** As the control plane sent it: one message is one swap. */
  z.object({ type: z.literal('config'), message: z.discriminatedUnion('type', [snapshotSchema, deltaSchema]) }),
  z.object({ type: z.literal('identity'), material: materialSchema }),
  z.object({ type: z.literal('revoked'), revoked: revokedSchema }),
  /** With a `counted` before the answer. */
  z.object({ type: z.literal('count') }),
  z.object({ type: z.literal('drain'), deadlineMs: z.number().min(0) }),
  /** With the last `counted` before the answer. */
  z.object({ type: z.literal('close') }),
])
export type ToWorker = z.infer<typeof toWorkerSchema>
export type Start = Extract<ToWorker, { type: 'start' }>

const boundSchema = z.object({
  outbound: port,
  inbound: port.nullable(),
  public: port.nullable(),
  upstreams: z.array(port),
})

export const fromWorkerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('listening'), bound: boundSchema }),
  /** `code` and `port`: of the system's error, where it was one. */
  z.object({ type: z.literal('failed'), message: z.string(), code: z.string().nullable(), port: port.nullable() }),
  /** Destinations on their first use; the answer comes as config, to all workers. */
  z.object({ type: z.literal('subscribe'), names: z.array(z.string().max(512)) }),
  /** The last message of config does not fit what is held: everything is needed. */
  z.object({ type: z.literal('behind') }),
  z.object({
    type: z.literal('counted'),
    counted: countedSchema,
    usage: usageSchema,
    /** Log lines lost since the last time. */
    linesDropped: z.int().min(0),
  }),
  /** All endpoints that are left alone now. */
  z.object({
    type: z.literal('ejections'),
    endpoints: z.array(z.object({ instance: z.string(), untilMs: z.number() })),
  }),
  /** Whole lines of the log. */
  z.object({ type: z.literal('log'), lines: z.string() }),
  z.object({ type: z.literal('done'), what: z.enum(['config', 'identity', 'revoked', 'count', 'drain', 'close']) }),
])
export type FromWorker = z.infer<typeof fromWorkerSchema>
export type Started = Extract<FromWorker, { type: 'listening' | 'failed' }>
