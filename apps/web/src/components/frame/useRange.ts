// The console's one time range, held in the URL: `range=1h` is live, `from` and `to` (ms since the epoch) are frozen.
'use client'
import { parseAsInteger, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { DEFAULT_PRESET, PRESET_IDS, type PresetId, presetOf } from '@/data/timeRange'
import type { Range } from '@/server/schemas/numbers'

const parsers = {
  range: parseAsStringLiteral(PRESET_IDS).withDefault(DEFAULT_PRESET),
  from: parseAsInteger,
  to: parseAsInteger,
}

export interface TimeRange {
  /** As the API takes it. */
  input: Range
  preset: PresetId
  frozen: { from: number; to: number } | null
  choosePreset: (preset: PresetId) => void
  freeze: (from: number, to: number) => void
}

export function useRange(): TimeRange {
  const [state, setState] = useQueryStates(parsers, { history: 'push' })
  const frozen =
    state.from !== null && state.to !== null && state.to - state.from >= 60_000
      ? { from: state.from, to: state.to }
      : null
  return {
    input: frozen ?? { lastMs: presetOf(state.range).ms },
    preset: state.range,
    frozen,
    choosePreset: (range) => void setState({ range, from: null, to: null }),
    freeze: (from, to) => void setState({ from, to, range: null }),
  }
}
