// How latency is drawn: as percentiles, or every call as a heatmap.
'use client'
import { Segmented } from '@/components/ui/segmented'

export const LATENCY_VIEWS = ['percentiles', 'heatmap'] as const
export type LatencyView = (typeof LATENCY_VIEWS)[number]

interface Props {
  view: LatencyView
  onChange: (view: LatencyView) => void
}

export function LatencyToggle({ view, onChange }: Readonly<Props>) {
  return (
    <Segmented
      label="Latency as"
      value={view}
      segments={[
        { value: 'percentiles', label: 'Percentiles' },
        { value: 'heatmap', label: 'Heatmap' },
      ]}
      onChange={onChange}
    />
  )
}
