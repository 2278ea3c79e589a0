// What a load generator is told, and what it says afterwards.
import { z } from 'zod'
import type { Credentials } from '../certificates.ts'

export interface Target {
  /** Port on loopback. */
  port: number
  path: string
  headers: Record<string, string>
}

export interface SecureTarget extends Target {
  credentials: Credentials
  serverName: string
}

/** Microseconds. */
export const latencySchema = z.object({ p50: z.number(), p90: z.number(), p99: z.number(), p999: z.number() })
export type Latency = z.infer<typeof latencySchema>

export const generatedSchema = z.object({
  /** Answered with 200, in full. */
  requests: z.number(),
  /** Other answers, and requests without one. */
  errors: z.number(),
  seconds: z.number(),
  latency: latencySchema,
  /** Every single one in microseconds, in ascending order, where the generator keeps them. */
  latencies: z.array(z.number()).default([]),
  /** How late the generator itself was with what it could have sent, in microseconds; null: it has no schedule. */
  lateness: latencySchema.nullable().default(null),
})
export type Generated = z.infer<typeof generatedSchema>

/** What a generator may take beyond its time: its own start, and waiting for the last answers. */
export const GRACE_MS = 15_000
