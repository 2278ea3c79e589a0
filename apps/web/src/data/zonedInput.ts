// Times as typed: "2026-11-18 13:32", in the zone that stands beside the field.
import { wallClock, type Zone } from './zone.ts'

const FORM = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2})$/

export function typedTime(at: number, zone: Zone): string {
  return wallClock(at, zone).toISOString().slice(0, 16).replace('T', ' ')
}

/** Milliseconds since the epoch, or null where the text is no time ("2026-02-31 10:00" is none, nor is an hour that a change of clocks skips). */
export function parseTyped(text: string, zone: Zone): number | null {
  const match = FORM.exec(text.trim())
  if (match === null) return null
  const [, year, month, day, hour, minute] = match.map(Number)
  const parts = [year ?? 0, (month ?? 1) - 1, day ?? 1, hour ?? 0, minute ?? 0] as const
  const at = zone === 'utc' ? Date.UTC(...parts) : new Date(...parts).getTime()
  return typedTime(at, zone) === text.trim().replace('T', ' ') ? at : null
}
