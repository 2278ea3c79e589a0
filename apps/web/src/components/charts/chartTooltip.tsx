// What stood at one moment: three columns in the page's order, beside the cursor on the volume plot.
'use client'
import { Measure } from '@/components/ui/numbers'
import { COMPARED, pastAt, pastRate } from '@/data/ghost'
import type { Layer } from '@/data/goldenChart'
import {
  formatCount,
  formatLatency,
  formatRate,
  formatSuccess,
  NBSP,
  type Quantity,
  quantityText,
  type RateUnit,
} from '@/data/numbers'
import { clockSeconds, lengthText } from '@/data/timeRange'
import { type Zone, zoneName } from '@/data/zone'
import type { GoldenSeries } from '@/server/schemas/numbers'
import type { Compared } from './chartView'
import { LABEL_WIDTH } from './plot'
import { Y_AXIS_WIDTH } from './timeSeries'

export interface Point {
  at: string
  step: string
  columns: { label: string; value: Quantity; color: string | null }[][]
  /** The same for those who hear it. */
  text: string
}

export function pointAt(
  series: GoldenSeries,
  layers: readonly Layer[],
  index: number,
  compared: Compared | null,
  zone: Zone,
  unit: RateUnit = 'rps',
): Point | null {
  if (index < 0 || index >= series.requests.length) return null
  const count = (value: number | null | undefined): Quantity => ({
    text: value == null ? '—' : formatCount(value),
    unit: '',
  })
  const success = series.successRate[index] ?? null
  const columns: Point['columns'] = [
    [
      {
        label: 'Success',
        value: { text: formatSuccess(success), unit: success === null ? '' : '%' },
        color: '--c-2xx',
      },
      { label: 'Failed', value: count(series.failures[index]), color: null },
      { label: unit === 'rps' ? 'Calls' : 'Connections', value: count(series.requests[index]), color: null },
    ],
    layers.map((layer) => ({
      label: layer.label,
      value: formatRate(layer.values[index] ?? null, unit),
      color: layer.color,
    })),
    (['p99', 'p95', 'p50'] as const).map((quantile) => ({
      label: quantile,
      value: formatLatency(series.latencyMs[quantile][index] ?? null),
      color: `--c-${quantile}`,
    })),
  ]
  const begin = series.from + index * series.stepMs
  const at = `${clockSeconds(begin, zone)}${NBSP}${zoneName(begin, zone)}`
  if (compared?.past !== undefined) {
    const { past } = compared
    const label = COMPARED[compared.with].word
    const before = pastAt(begin, past, past.series.successRate)
    columns[0]?.push({
      label,
      value: { text: formatSuccess(before), unit: before === null ? '' : '%' },
      color: '--none',
    })
    columns[1]?.push({ label, value: formatRate(pastAt(begin, past, pastRate(past)), unit), color: '--none' })
    columns[2]?.push({ label, value: formatLatency(pastAt(begin, past, past.series.latencyMs.p99)), color: '--none' })
  }
  const text = `${at}: ${columns
    .flat()
    .map(({ label, value }) => `${label} ${quantityText(value)}`)
    .join(', ')}`
  return { at, step: `+${NBSP}${lengthText(series.stepMs)}`, columns, text }
}

/** `share`: how far right the cursor is, 0–1; beyond the middle the tooltip stands left of it. */
interface Props {
  point: Point
  /** The column of the heatmap, in words. */
  column: string | null
  share: number
}

export function ChartTooltip({ point, column, share }: Readonly<Props>) {
  const isRight = share > 0.5
  const at = `calc(${Y_AXIS_WIDTH}px + (100% - ${Y_AXIS_WIDTH + LABEL_WIDTH}px) * ${share})`
  return (
    <div
      aria-hidden
      className="pointer-events-none absolute top-3 z-2 w-max rounded-3 bg-raised px-3 py-2 text-12 shadow-pop max-md:hidden"
      style={isRight ? { right: `calc(100% - ${at} + 12px)` } : { left: `calc(${at} + 12px)` }}
    >
      <div className="mb-1">
        <span className="font-semibold">{point.at}</span> <span className="text-ink-3">{point.step}</span>
      </div>
      <div className="flex gap-5">
        {point.columns.map((entries) => (
          <div key={entries[0]?.label} className="flex flex-col gap-0.5">
            {entries.map((entry) => (
              <div key={entry.label} className="flex items-center gap-2">
                <span
                  className="size-2 rounded-[2px]"
                  style={{ background: entry.color === null ? 'transparent' : `var(${entry.color})` }}
                />
                <span className="min-w-12 text-ink-2">{entry.label}</span>
                <Measure value={entry.value} className="ml-auto font-medium" />
              </div>
            ))}
          </div>
        ))}
      </div>
      {column !== null && <div className="mt-1.5 max-w-[420px] border-line border-t pt-1.5 text-ink-2">{column}</div>}
    </div>
  )
}
