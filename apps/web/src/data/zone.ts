// In which zone times are shown: UTC, which is the same for everybody, or the reader's own. Always said beside them.

export const ZONES = ['utc', 'local'] as const
export type Zone = (typeof ZONES)[number]

/**
 * A date whose UTC fields are those of the zone's wall clock at that moment. The offset is asked for at the moment, since
 * it differs across a year.
 */
export function wallClock(at: number, zone: Zone): Date {
  return new Date(zone === 'utc' ? at : at - new Date(at).getTimezoneOffset() * 60_000)
}

/** "UTC", or the short name of the reader's zone at that moment: "CET", "GMT+5:30". */
export function zoneName(at: number, zone: Zone): string {
  if (zone === 'utc') return 'UTC'
  const parts = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' }).formatToParts(new Date(at))
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'local time'
}
