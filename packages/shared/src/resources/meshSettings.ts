// MeshSettings (heddle.dev/v1): what holds for the whole mesh; one resource, named `mesh`.
import { z } from 'zod'
import { durationMs, durationSchema } from '../duration.ts'
import { metadataSchema } from './metadata.ts'
import { objectiveSchema } from './service.ts'

/** A host pattern of the egress list: a name, `*.example.org` (any name below it) or an address; an optional port. */
const hostPattern = z
  .string()
  .max(262)
  .regex(
    /^(?:\*\.)?[a-z0-9](?:[a-z0-9.:-]*[a-z0-9])?$|^\[[0-9a-f:]+\](?::\d+)?$/,
    'must be a host such as "api.example.org", "*.example.org" or "10.0.0.7:8080", in lower case',
  )

export const meshSettingsSchema = z.strictObject({
  apiVersion: z.literal('heddle.dev/v1'),
  kind: z.literal('MeshSettings'),
  metadata: metadataSchema.extend({ name: z.literal('mesh', 'the one MeshSettings is named "mesh"') }),
  spec: z
    .strictObject({
      defaultAccess: z.enum(['allow', 'deny']).optional(),
      /** allow: every host; deny: none; or only the hosts listed. */
      egress: z
        .union([z.enum(['allow', 'deny']), z.strictObject({ hosts: z.array(hostPattern).max(1000) })])
        .optional(),
      leafCertificateTtl: durationSchema
        .refine((t) => durationMs(t) >= 10_000, 'must be at least 10s')
        .refine((t) => durationMs(t) <= 90 * 24 * 3_600_000, 'must be at most 2160h')
        .optional(),
      accessLog: z.strictObject({ sample: z.number().min(0).max(1).optional() }).optional(),
      objective: objectiveSchema.optional(),
    })
    .optional(),
})
export type MeshSettings = z.infer<typeof meshSettingsSchema>

export interface MeshPolicy {
  defaultAccess: 'allow' | 'deny'
  egress: 'allow' | 'deny' | { hosts: string[] }
  leafCertificateTtlMs: number
  /** Share of requests that are logged, 0–1. */
  accessLogSample: number
  objective: { successRate: number; latencyP99Ms: number | null }
}

export function meshPolicy(settings: MeshSettings | undefined): MeshPolicy {
  const spec = settings?.spec ?? {}
  return {
    defaultAccess: spec.defaultAccess ?? 'allow',
    egress: spec.egress ?? 'allow',
    leafCertificateTtlMs: durationMs(spec.leafCertificateTtl ?? '24h'),
    accessLogSample: spec.accessLog?.sample ?? 0,
    objective: {
      successRate: spec.objective?.successRate ?? 99.5,
      latencyP99Ms: spec.objective?.latencyP99 === undefined ? null : durationMs(spec.objective.latencyP99),
    },
  }
}
