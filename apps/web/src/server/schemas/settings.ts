// Outputs of `settings.*`: what the whole mesh stands on beside its configuration.
import { z } from 'zod'

/** Times are milliseconds since the epoch. */
export const authorityOutputSchema = z.object({
  trustDomain: z.string().nullable(),
  /** Newest first. */
  certificates: z.array(
    z.object({
      /** SHA-256 of the DER, base64url. */
      id: z.string(),
      kind: z.enum(['root', 'issuer']),
      /** active: signs; trusted: accepted only. */
      state: z.enum(['active', 'trusted', 'retired']),
      notBefore: z.number(),
      notAfter: z.number(),
      /** Of an issuer that signs: when the control plane makes the next one. */
      nextAt: z.number().nullable(),
      /** Leaves that instances hold from this issuer. */
      leaves: z.number(),
    }),
  ),
  leafTtlMs: z.number(),
  /** Of the leaves that are held now: which ends first. */
  firstToExpire: z.object({ instance: z.string(), at: z.number() }).nullable(),
})
export type AuthorityOutput = z.infer<typeof authorityOutputSchema>

export const retentionOutputSchema = z.object({
  databaseBytes: z.number(),
  /** What is kept, coarsest last; `keptMs` null: for ever. */
  kept: z.array(
    z.object({ what: z.string(), detail: z.string(), keptMs: z.number().nullable(), bytes: z.number().nullable() }),
  ),
})
export type RetentionOutput = z.infer<typeof retentionOutputSchema>
