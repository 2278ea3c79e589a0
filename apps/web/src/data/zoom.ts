// Zooming into the one time range and back out, as it stands in the URL: `back` remembers where one came from. Pure.
import { PRESET_IDS, type PresetId } from './timeRange.ts'

export interface RangeState {
  range: PresetId
  from: number | null
  to: number | null
  /** What one zoomed in from, newest first: "1h" or "<from>-<to>", joined by "~". */
  back: string | null
}
/** What changes in the URL. */
export type RangeChange = { [Key in keyof RangeState]: RangeState[Key] | null }

/** The API reads nothing shorter. */
export const SHORTEST_MS = 60_000
/** Nobody goes back further, and the address stays short. */
const MOST_STEPS = 8

/** A frozen range within another, at least a minute long; what lies after `now` is cut off. */
export function zoomedIn(state: RangeState, from: number, to: number, now: number): RangeChange {
  const middle = (from + to) / 2
  const half = Math.max(to - from, SHORTEST_MS) / 2
  const end = Math.min(Math.round(middle + half), now)
  const begin = Math.min(Math.round(middle - half), end - SHORTEST_MS)
  const here = state.from !== null && state.to !== null ? `${state.from}-${state.to}` : state.range
  const back = [here, ...stepsOf(state.back)].slice(0, MOST_STEPS).join('~')
  return { range: null, from: begin, to: end, back }
}

/**
 * One step back, to what was shown before the last zoom; a frozen range that nobody zoomed into opens to twice its
 * length. Null: a live range has nothing around it.
 */
export function zoomedOut(state: RangeState, now: number): RangeChange | null {
  const { from, to } = state
  if (from === null || to === null) return null
  const [last, ...older] = stepsOf(state.back)
  if (last === undefined) {
    const half = (to - from) / 2
    return { range: null, from: Math.round(from - half), to: Math.min(Math.round(to + half), now), back: null }
  }
  const back = older.length === 0 ? null : older.join('~')
  if (isPreset(last)) return { range: last, from: null, to: null, back }
  const [begin, end] = last.split('-').map(Number)
  return { range: null, from: begin ?? from, to: end ?? to, back }
}

const isPreset = (text: string): text is PresetId => PRESET_IDS.some((id) => id === text)

/** Hand-written addresses may hold anything: what is no range is left out. */
function stepsOf(back: string | null): string[] {
  return (back ?? '').split('~').filter((step) => isPreset(step) || /^\d{1,15}-\d{1,15}$/.test(step))
}
