// What is kept how long, in words, with what it takes. Pure: sizes come in.
import type { MetricsTableSize } from '@heddle/db'
import type { RetentionOutput } from '../schemas/settings.ts'

const RESOLUTION: Readonly<Record<string, string>> = {
  '10s': 'Numbers every 10 s',
  '1m': 'Numbers every minute',
  '1h': 'Numbers every hour',
}
const HOUR_MS = 3_600_000

export function retentionOf(tables: readonly MetricsTableSize[], databaseBytes: number): RetentionOutput {
  const byResolution = Object.entries(RESOLUTION).map(([suffix, what]) => {
    const some = tables.filter(({ name }) => name.endsWith(`_${suffix}`) && !name.startsWith('pattern_'))
    return {
      what,
      detail: 'Success, volume and latency of services, routes and callers, and hits of rules',
      keptMs: some[0]?.keptMs ?? null,
      bytes: some.reduce((sum, { bytes }) => sum + bytes, 0),
    }
  })
  const patterns = tables.filter(({ name }) => name.startsWith('pattern_'))
  return {
    databaseBytes,
    kept: [
      {
        what: 'The newest 15 minutes',
        detail: 'In the memory of the control planes, for live pages',
        keptMs: HOUR_MS / 4,
        bytes: null,
      },
      ...byResolution,
      {
        what: 'Patterns of calls',
        detail: 'Who called which path, for the preview of a rule',
        keptMs: patterns[0]?.keptMs ?? null,
        bytes: patterns.reduce((sum, { bytes }) => sum + bytes, 0),
      },
      {
        what: 'Changes',
        detail: 'Every change of configuration, people and tokens, with before and after',
        keptMs: null,
        bytes: null,
      },
      {
        what: 'Instances that ended',
        detail: 'After their last sign of life; a client without a port of its own for 1 h',
        keptMs: 72 * HOUR_MS,
        bytes: null,
      },
      {
        what: 'Join tokens',
        detail: 'Listed after they expired',
        keptMs: 30 * 24 * HOUR_MS,
        bytes: null,
      },
      { what: 'Sessions', detail: 'A sign-in lasts this long', keptMs: 7 * 24 * HOUR_MS, bytes: null },
    ],
  }
}
