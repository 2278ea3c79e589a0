// Durations as the Gateway API writes them (GEP-2257): "1h30m", "500ms", "10s"; whole numbers, largest unit first.
import { z } from 'zod'
import { parseDurationMs } from './durationText.ts'

export { formatDurationMs, parseDurationMs } from './durationText.ts'

export const durationSchema = z
  .string()
  .refine((text) => parseDurationMs(text) !== undefined, 'must be a duration such as "500ms", "10s" or "1m30s"')

/** Milliseconds of a text that `durationSchema` has accepted. */
export function durationMs(text: string): number {
  const ms = parseDurationMs(text)
  if (ms === undefined) throw new RangeError(`not a duration: ${text}`)
  return ms
}
