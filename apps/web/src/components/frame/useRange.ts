// The console's one time range, held in the URL: `range=1h` is live, `from` and `to` (ms since the epoch) are frozen.
'use client'
import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { DEFAULT_PRESET, PRESET_IDS, type PresetId, presetOf } from '@/data/timeRange'
import { SHORTEST_MS, zoomedIn, zoomedOut } from '@/data/zoom'
import type { Range } from '@/server/schemas/numbers'

const parsers = {
  range: parseAsStringLiteral(PRESET_IDS).withDefault(DEFAULT_PRESET),
  from: parseAsInteger,
  to: parseAsInteger,
  /** What was zoomed in from. */
  back: parseAsString,
}

export interface TimeRange {
  /** As the API takes it. */
  input: Range
  preset: PresetId
  frozen: { from: number; to: number } | null
  choosePreset: (preset: PresetId) => void
  freeze: (from: number, to: number) => void
  /** Freezes a part of what is shown. `now`: by the mesh's clock. */
  zoomIn: (from: number, to: number, now: number) => void
  /** Where one came from; a live range stays as it is. */
  zoomOut: (now: number) => void
}

export function useRange(): TimeRange {
  const [state, setState] = useQueryStates(parsers, { history: 'push' })
  const frozen =
    state.from !== null && state.to !== null && state.to - state.from >= SHORTEST_MS
      ? { from: state.from, to: state.to }
      : null
  return {
    input: frozen ?? { lastMs: presetOf(state.range).ms },
    preset: state.range,
    frozen,
    choosePreset: (range) => void setState({ range, from: null, to: null, back: null }),
    freeze: (from, to) => void setState({ from, to, range: null, back: null }),
    zoomIn: (from, to, now) => void setState(zoomedIn(state, from, to, now)),
    zoomOut: (now) => {
      const change = zoomedOut(state, now)
      if (change !== null) void setState(change)
    },
  }
}
