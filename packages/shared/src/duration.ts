// Durations as the Gateway API writes them (GEP-2257): "1h30m", "500ms", "10s"; whole numbers, largest unit first.
import { z } from 'zod'
import { parseDurationMs } from './durationText.ts'

export { formatDurationMs, parseDurationMs } from './durationText.ts'

/** What compares its length can be asked only of what is one: the first mistake ends it. */
export const durationSchema = z.string().refine((text) => parseDurationMs(text) !== undefined, {
  abort: true,
  error: ({ input }) => noDuration(String(input)),
})

/** A number alone is what is written most often, and may be meant in two ways. */
function noDuration(text: string): string {
  return /^\d{1,5}$/.test(text)
    ? `needs a unit: "${text}s" is seconds, "${text}ms" milliseconds`
    : 'must be a duration such as "500ms", "10s" or "1m30s"'
}

/** Milliseconds of a text that `durationSchema` has accepted. */
export function durationMs(text: string): number {
  const ms = parseDurationMs(text)
  if (ms === undefined) throw new RangeError(`not a duration: ${text}`)
  return ms
}
