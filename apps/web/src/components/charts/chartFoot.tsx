// Below the charts: what they show and do not show in words, and what one can do with them.
'use client'
import { Table2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { Select } from '@/components/ui/select'
import { describeFailure } from '@/data/failure'
import { lengthText, stretchText } from '@/data/timeRange'
import type { Zone } from '@/data/zone'
import type { GoldenSeries } from '@/server/schemas/numbers'
import type { Compare } from './useCompare'
import type { Zoom } from './useZoom'
import { ZoomOutButton } from './zoomOut'

const CHOICES = [
  { value: 'none', label: 'Compare with …' },
  { value: 'period', label: 'Compare with the period before' },
  { value: 'day', label: 'Compare with yesterday' },
  { value: 'week', label: 'Compare with last week' },
] as const

interface Props {
  series: GoldenSeries
  side: 'callers' | 'server'
  hasGaps: boolean
  zone: Zone
  zoom: Zoom
  compare: Compare
  showsTable: boolean
  onTable: () => void
  /** More to press, before the table. */
  children?: ReactNode
}

export function ChartFoot({
  series,
  side,
  hasGaps,
  zone,
  zoom,
  compare,
  showsTable,
  onTable,
  children,
}: Readonly<Props>) {
  const ghost = ghostInWords(series, compare, zone)
  return (
    <div className="mt-2 text-12 text-ink-2 md:pl-[168px]">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        {hasGaps && <span>Hatched: no data came.</span>}
        <span className="mr-auto">
          {side === 'callers' ? 'Callers’ side, after retries' : 'Server’s side: no caller is in the mesh'}
        </span>
        <ZoomOutButton zoom={zoom} />
        <Select label="Compare" value={compare.with} options={CHOICES} onChange={compare.choose} />
        {children}
        <Button look="quiet" size="small" aria-expanded={showsTable} onClick={onTable}>
          <Table2 size={14} aria-hidden />
          {showsTable ? 'Hide table' : 'Table'}
        </Button>
      </div>
      {ghost !== null && (
        <p role="status" className="mt-1">
          {ghost}
        </p>
      )}
    </div>
  )
}

/** "Dashed grey: Thu 26 Nov, 13:32 to 14:32 UTC, in steps of 1 min." */
function ghostInWords(series: GoldenSeries, { compared, error }: Compare, zone: Zone): string | null {
  if (compared === null) return null
  const { past } = compared
  if (past === undefined) return error === null ? null : `Nothing to compare with: ${describeFailure(error).message}`
  const from = series.from - past.shiftMs
  const stretch = stretchText(from, from + series.requests.length * series.stepMs, zone)
  if (past.golden.requests === 0) return `There is nothing to compare with: no call is recorded for ${stretch}.`
  const steps =
    past.series.stepMs > series.stepMs ? `, in steps of ${lengthText(past.series.stepMs)}, as it is kept by now` : ''
  return `Dashed grey: ${stretch}${steps}.`
}
