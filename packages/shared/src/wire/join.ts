// Joining: POST https://<control>/v1/join, server-authenticated TLS. The client checks that the chain's root has the
// SHA-256 of its token and that the leaf is the control identity, and only then sends the token.
import { z } from 'zod'
import { instanceIdSchema, serviceNameSchema, versionSchema } from '../names.ts'

export const joinRequestSchema = z.strictObject({
  token: z.string().max(256),
  service: serviceNameSchema,
  version: versionSchema,
  instance: instanceIdSchema,
  /** PKCS#10, PEM. Only its public key is taken from it. */
  csr: z.string().max(8_192),
  /** A proxy that advertises a loopback address says so; refused unless it shares the control plane's machine. */
  loopback: z.boolean(),
  hostId: z.string().min(1).max(64),
})
export type JoinRequest = z.infer<typeof joinRequestSchema>

/** POST /v1/console/join: the console's one-time secret in place of a token. */
export const consoleJoinRequestSchema = z.strictObject({ secret: z.string().max(256), csr: z.string().max(8_192) })

export const joinResponseSchema = z.object({
  trustDomain: z.string(),
  chain: z.string(),
  roots: z.array(z.string()).min(1),
})
export type JoinResponse = z.infer<typeof joinResponseSchema>

/** Body of every refusal of the control plane's HTTP side. */
export const refusalSchema = z.object({ error: z.string(), message: z.string() })
