// The part of the console's tRPC API that the command line calls: inputs and outputs, checked on both sides.
// Procedure names stand beside their schemas; what only the pages use is typed by the router itself.
import { z } from 'zod'
import { ROLES } from '../can.ts'
import { serviceNameSchema } from '../names.ts'
import { kindSchema } from '../resources/index.ts'
import { RETRY_SKIPPED } from '../wire/metrics.ts'
import { CHANGE_TOPICS } from './changeTopics.ts'

export const resourceRefSchema = z.object({ kind: kindSchema, name: z.string() })

/** A mistake in one document of an apply: `path` leads to the field, e.g. ["spec","rules",0,"backendRefs",1,"weight"]. */
export const mistakeSchema = z.object({
  document: z.int(),
  path: z.array(z.union([z.string(), z.number()])),
  message: z.string(),
})
export type Mistake = z.infer<typeof mistakeSchema>

/** `config.put` (mutation; tRPC keeps the word `apply` for itself) and `config.diff` (query): documents as parsed from YAML, all or nothing. */
export const applyInputSchema = z.object({
  documents: z.array(z.unknown()).min(1).max(1_000),
  /** Resources that the documents make: refused as stale where one is there already. */
  absent: z.array(resourceRefSchema).max(1_000).optional(),
})
export const applyOutputSchema = z.object({
  /** null where nothing changed or mistakes were found. */
  revision: z.number().nullable(),
  items: z.array(
    z.object({
      ref: resourceRefSchema,
      result: z.enum(['created', 'changed', 'unchanged']),
      before: z.unknown().nullable(),
      after: z.unknown().nullable(),
      /** As it is stored now, for the next edit; null: it was not written. */
      resourceVersion: z.string().nullable().optional(),
    }),
  ),
  /** Not empty: nothing was changed. */
  mistakes: z.array(mistakeSchema),
  /** Accepted, but probably not what was meant, e.g. a backend that does not exist. */
  warnings: z.array(mistakeSchema),
})
export type ApplyOutput = z.infer<typeof applyOutputSchema>

/** `config.get` (query). Resources in the form that `apply` takes, with metadata.resourceVersion. */
export const getInputSchema = z.object({ kind: kindSchema, name: z.string().optional() })
export const getOutputSchema = z.object({ resources: z.array(z.unknown()) })

/** `config.delete` (mutation). */
export const deleteInputSchema = z.object({ ref: resourceRefSchema, resourceVersion: z.string().optional() })
export const deleteOutputSchema = z.object({ revision: z.number() })

/** `changes.list` (query), newest first; `changes.revert` (mutation). */
export const changesInputSchema = z.object({
  limit: z.int().min(1).max(500).default(50),
  before: z.int().optional(),
  service: z.string().optional(),
  /** What was changed; absent: anything. */
  about: z.enum(CHANGE_TOPICS).optional(),
  /** Who made it, exactly. */
  actor: z.string().max(200).optional(),
  /** Words that are all in the summary, the kind, or the name of a resource. */
  search: z.string().max(200).optional(),
})
export const changeSchema = z.object({
  revision: z.number(),
  /** Milliseconds since the epoch. */
  at: z.number(),
  actor: z.string(),
  kind: z.enum(['apply', 'delete', 'revert', 'join', 'token', 'user', 'ca', 'revocation']),
  /** In words: "catalog/products: catalog-v1 90 → 70, catalog-v2 10 → 30". */
  summary: z.string(),
  reverts: z.number().nullable(),
  revertable: z.boolean(),
  items: z.array(z.object({ ref: resourceRefSchema, before: z.unknown().nullable(), after: z.unknown().nullable() })),
})
export const changesOutputSchema = z.object({ changes: z.array(changeSchema) })
export type Change = z.infer<typeof changeSchema>
export const revertInputSchema = z.object({ revision: z.int().min(1) })
export const revertOutputSchema = z.object({ revision: z.number() })

/** `stat.services`, `stat.routes`, `stat.edges` (queries). Callers' side, after retries. */
export const statInputSchema = z.object({
  windowMs: z
    .number()
    .min(10_000)
    .max(400 * 24 * 3_600_000),
  service: z.string().optional(),
  /** `stat.routes` only: one label, or an HTTPRoute's name for all of its rules. */
  route: z.string().min(1).max(507).optional(),
})
const golden = {
  requests: z.number(),
  requestsPerSecond: z.number(),
  /** Percent; null without traffic. */
  successRate: z.number().nullable(),
  latencyMs: z.object({ p50: z.number().nullable(), p95: z.number().nullable(), p99: z.number().nullable() }),
}
export const statServicesOutputSchema = z.object({
  window: z.string(),
  rows: z.array(z.object({ service: z.string(), ...golden })),
})
export const statRoutesOutputSchema = z.object({
  window: z.string(),
  rows: z.array(
    z.object({
      service: z.string(),
      version: z.string(),
      route: z.string(),
      ...golden,
      retries: z.object({ made: z.number(), skipped: z.partialRecord(z.enum(RETRY_SKIPPED), z.number()) }),
    }),
  ),
})
export const statEdgesOutputSchema = z.object({
  window: z.string(),
  rows: z.array(z.object({ source: z.string(), destination: z.string(), ...golden })),
})

/** `status.get` (query). */
export const statusOutputSchema = z.object({
  configVersion: z.number(),
  control: z.object({ ready: z.boolean() }),
  database: z.object({ ready: z.boolean() }),
  proxies: z.array(
    z.object({
      instance: z.string(),
      service: z.string(),
      version: z.string(),
      connected: z.boolean(),
      ready: z.boolean(),
      /** lapsed: gone without a word, and so long ago that it degrades the mesh no more. */
      state: z.enum(['ready', 'not ready', 'away', 'lapsed']).optional(),
      configVersion: z.number().nullable(),
      outbound: z.number(),
      /** null: a client only. */
      inbound: z.number().nullable(),
      admin: z.number(),
      /** ISO 8601, UTC. */
      certificateExpiresAt: z.string().nullable(),
    }),
  ),
})
export type StatusOutput = z.infer<typeof statusOutputSchema>

/** `joinTokens.create` (mutation), `joinTokens.list` (query), `joinTokens.revoke` (mutation). */
export const tokenCreateInputSchema = z.object({
  service: serviceNameSchema,
  uses: z.int().min(1).max(100_000).default(1),
  ttlMs: z
    .number()
    .min(1_000)
    .max(365 * 24 * 3_600_000)
    .default(3_600_000),
})
export const tokenCreateOutputSchema = z.object({ id: z.string(), token: z.string(), expiresAt: z.string() })
export const tokenListOutputSchema = z.object({
  tokens: z.array(
    z.object({
      id: z.string(),
      service: z.string(),
      uses: z.number(),
      used: z.number(),
      createdBy: z.string(),
      expiresAt: z.string(),
      revoked: z.boolean(),
    }),
  ),
})
export const tokenRevokeInputSchema = z.object({ id: z.string() })

/** `apiTokens.create` (mutation; the token's text is in this one answer), `apiTokens.list` (query), `apiTokens.revoke` (mutation). */
export const apiTokenCreateInputSchema = z.object({
  /** What the history calls whoever uses it. */
  name: z
    .string()
    .trim()
    .min(2, 'a name has at least 2 characters')
    .max(64, 'a name has at most 64 characters')
    .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._@+-]*$/u, 'a name is letters, digits, spaces, ".", "_", "@", "+" and "-"'),
  role: z.enum(ROLES),
  /** null: until it is revoked. */
  ttlMs: z
    .int()
    .min(1_000)
    .max(10 * 365 * 24 * 3_600_000)
    .nullable()
    .default(null),
})
export const apiTokenCreateOutputSchema = z.object({
  id: z.string(),
  token: z.string(),
  /** ISO 8601, UTC; null: never. */
  expiresAt: z.string().nullable(),
})
export const apiTokenListOutputSchema = z.object({
  tokens: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      role: z.enum(ROLES),
      createdBy: z.string(),
      createdAt: z.string(),
      expiresAt: z.string().nullable(),
      /** To the minute. */
      lastUsedAt: z.string().nullable(),
      revoked: z.boolean(),
    }),
  ),
})

/** `users.list`, `users.create`, `users.reset`, `users.setRole`, `users.remove`. Names are e-mail addresses or plain names. */
export const userListOutputSchema = z.object({
  users: z.array(z.object({ name: z.string(), role: z.enum(ROLES), createdAt: z.string() })),
})
