// The one time range of the console, as it stands in the URL: `range=1h` or `from=…&to=…` (ISO 8601, UTC).
// Pure: "now" is an argument. Presets are live; an absolute range is frozen. Times are in UTC unless a zone is given.
import { wallClock, type Zone, zoneName } from './zone.ts'

export const PRESETS = [
  { id: '15m', label: 'Last 15 min', short: '15 min', ms: 15 * 60_000 },
  { id: '1h', label: 'Last 1 h', short: '1 h', ms: 3_600_000 },
  { id: '6h', label: 'Last 6 h', short: '6 h', ms: 6 * 3_600_000 },
  { id: '24h', label: 'Last 24 h', short: '24 h', ms: 24 * 3_600_000 },
  { id: '7d', label: 'Last 7 d', short: '7 d', ms: 7 * 24 * 3_600_000 },
] as const

export type PresetId = (typeof PRESETS)[number]['id']
export const PRESET_IDS: PresetId[] = PRESETS.map((preset) => preset.id)
export const DEFAULT_PRESET: PresetId = '1h'

export function presetOf(id: PresetId): (typeof PRESETS)[number] {
  return PRESETS.find((preset) => preset.id === id) ?? PRESETS[1]
}

const two = (n: number) => String(n).padStart(2, '0')
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const

/** "14:05". */
export function clockTime(at: number, zone: Zone = 'utc'): string {
  const date = wallClock(at, zone)
  return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`
}

/** "14:05:10". */
export function clockSeconds(at: number, zone: Zone = 'utc'): string {
  return `${clockTime(at, zone)}:${two(wallClock(at, zone).getUTCSeconds())}`
}

/** "18 Nov". */
export function dayMonth(at: number, zone: Zone = 'utc'): string {
  const date = wallClock(at, zone)
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`
}

/** "18 Nov 2026", in UTC. */
export function dateText(at: number): string {
  return `${dayMonth(at)} ${new Date(at).getUTCFullYear()}`
}

/** Number of the zone's calendar day. */
export const dayOf = (at: number, zone: Zone): number => Math.floor(wallClock(at, zone).getTime() / 86_400_000)

/** "14:05 UTC" today, "17 Nov, 18:30 UTC" otherwise. */
export function momentText(at: number, now: number, zone: Zone = 'utc'): string {
  const time = `${clockTime(at, zone)} ${zoneName(at, zone)}`
  return dayOf(at, zone) === dayOf(now, zone) ? time : `${dayMonth(at, zone)}, ${time}`
}

/** "Today, Wed 18 Nov", "Yesterday, Tue 17 Nov", "Mon 16 Nov". */
export function dayHeading(at: number, now: number, zone: Zone = 'utc'): string {
  const date = wallClock(at, zone)
  const day = `${DAYS[date.getUTCDay()]} ${dayMonth(at, zone)}`
  if (dayOf(at, zone) === dayOf(now, zone)) return `Today, ${day}`
  if (dayOf(at, zone) === dayOf(now, zone) - 1) return `Yesterday, ${day}`
  return date.getUTCFullYear() === wallClock(now, zone).getUTCFullYear() ? day : `${day} ${date.getUTCFullYear()}`
}

/** "Thu 26 Nov, 13:32 to 14:32 UTC"; with both days where they differ. */
export function stretchText(from: number, to: number, zone: Zone = 'utc'): string {
  const day = (at: number) => `${DAYS[wallClock(at, zone).getUTCDay()]} ${dayMonth(at, zone)}`
  const isOneDay = dayOf(from, zone) === dayOf(to, zone)
  const end = isOneDay ? clockTime(to, zone) : `${day(to)}, ${clockTime(to, zone)}`
  return `${day(from)}, ${clockTime(from, zone)} to ${end} ${zoneName(to, zone)}`
}

/** A length of time in its largest unit alone: "40 s", "3 min", "5 h", "3 d". */
export function roughLength(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1_000))
  if (s < 60) return `${s} s`
  if (s < 3_600) return `${Math.floor(s / 60)} min`
  return s < 86_400 ? `${Math.floor(s / 3_600)} h` : `${Math.floor(s / 86_400)} d`
}

/** A length of time in words, at most two units: "4 s", "1 min 12 s", "5 h 18 min", "3 d 2 h". */
export function lengthText(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1_000))
  if (s < 60) return `${s} s`
  const parts =
    s < 3_600
      ? ([
          [Math.floor(s / 60), 'min'],
          [s % 60, 's'],
        ] as const)
      : s < 86_400
        ? ([
            [Math.floor(s / 3_600), 'h'],
            [Math.floor((s % 3_600) / 60), 'min'],
          ] as const)
        : ([
            [Math.floor(s / 86_400), 'd'],
            [Math.floor((s % 86_400) / 3_600), 'h'],
          ] as const)
  return parts
    .filter(([n], i) => i === 0 || n > 0)
    .map(([n, unit]) => `${n} ${unit}`)
    .join(' ')
}
