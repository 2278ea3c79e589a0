// What a proxy says to the process that started it, over Node's IPC.
import { z } from 'zod'

const port = z.int().min(1).max(65_535)

export const proxyMessageSchema = z.discriminatedUnion('type', [
  /** It has no usable certificate and was given no token. */
  z.object({ type: z.literal('need_token'), service: z.string() }),
  z.object({
    type: z.literal('ready'),
    /** `<state directory's name>-<4 random letters>`. */
    instance: z.string(),
    /** It joined just now. */
    isNew: z.boolean(),
    ports: z.object({ outbound: port, inbound: port.nullable(), admin: port, public: port.nullable() }),
  }),
  /** Whether the app takes traffic; `reason`: why not. */
  z.object({ type: z.literal('app_health'), isReady: z.boolean(), reason: z.string().nullable() }),
  z.object({ type: z.literal('failed'), message: z.string(), exitCode: z.int().min(1).max(255) }),
  /** It was withdrawn and has ended what was in flight; it still serves the app's own calls. */
  z.object({ type: z.literal('drained') }),
])
export type ProxyReady = Extract<z.infer<typeof proxyMessageSchema>, { type: 'ready' }>
export type AppHealth = Extract<z.infer<typeof proxyMessageSchema>, { type: 'app_health' }>
