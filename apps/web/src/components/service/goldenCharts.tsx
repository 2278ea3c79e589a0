// Success, volume, latency: one lane of change marks, three plots, one axis, one cursor, and the table behind them.
'use client'
import { Table2 } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useId, useMemo, useState } from 'react'
import { PAD, TimeSeries, Y_AXIS_WIDTH } from '@/components/charts/timeSeries'
import { Button } from '@/components/ui/button'
import { Measure } from '@/components/ui/numbers'
import { type Layer, plotSpan } from '@/data/goldenChart'
import { formatCount, formatLatency, formatRate, formatSuccess, quantityText } from '@/data/numbers'
import type { ServicesGetOutput } from '@/server/schemas/services'
import { ChangeLane } from './changeLane'
import { ChartTable } from './chartTable'
import { ChartTooltip, pointAt } from './chartTooltip'
import { chartsOf, PLOT_HEIGHT } from './chartView'

type Props = Pick<ServicesGetOutput, 'series' | 'marks' | 'golden' | 'objective' | 'side'>

export function GoldenCharts({ series, marks, golden, objective, side }: Readonly<Props>) {
  const syncKey = useId()
  const [cursor, setCursor] = useState<number | null>(null)
  const [byKeys, setByKeys] = useState<number | null>(null)
  const [showsTable, setShowsTable] = useState(false)
  const view = useMemo(() => chartsOf(series, objective.successRate), [series, objective.successRate])
  const { times, layers, gaps } = view
  const last = times.length - 1
  const point = cursor === null ? null : pointAt(series, layers, cursor)

  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.shiftKey ? 10 : 1
    const from = cursor ?? last
    const moves: Record<string, number> = { ArrowLeft: from - step, ArrowRight: from + step, Home: 0, End: last }
    const to = moves[event.key]
    if (to === undefined) {
      if (event.key === 'Escape') setCursor(null)
      return
    }
    event.preventDefault()
    const next = Math.min(last, Math.max(0, to))
    setByKeys(next)
    setCursor(next)
  }
  const shared = {
    times,
    syncKey,
    cursor: byKeys,
    onCursor: (index: number | null) => {
      setCursor(index)
      if (index === null) setByKeys(null)
    },
  }
  const latency = golden.latencyMs
  return (
    <section aria-label="Success, volume and latency">
      <div className="grid grid-cols-[112px_minmax(0,1fr)] max-md:grid-cols-1">
        <div className="flex flex-col pt-[26px] max-md:hidden">
          <Reading
            name="Success"
            value={{ text: formatSuccess(golden.successRate), unit: golden.successRate === null ? '' : '%' }}
          >
            {formatCount(golden.failures)} failed of {formatCount(golden.requests)}
          </Reading>
          <Reading name="Volume" value={formatRate(golden.requestsPerSecond)}>
            <Legend layers={layers} />
          </Reading>
          <Reading name="Latency p99" value={formatLatency(latency.p99)}>
            p95 {quantityText(formatLatency(latency.p95))}
            <br />
            p50 {quantityText(formatLatency(latency.p50))}
          </Reading>
        </div>
        <div className="relative pt-[26px]">
          <ChangeLane marks={marks} span={plotSpan(series)} axisWidth={Y_AXIS_WIDTH} />
          <div
            className="pointer-events-none absolute top-[26px] right-[58px] bottom-[22px] z-1"
            style={{ left: Y_AXIS_WIDTH }}
          >
            {gaps.map((gap) => (
              <span
                key={gap.from}
                className="absolute inset-y-0 bg-[repeating-linear-gradient(135deg,var(--hatch)_0_1.5px,transparent_1.5px_6px)]"
                style={{ left: `${gap.from * 100}%`, width: `${(gap.to - gap.from) * 100}%` }}
              />
            ))}
          </div>
          <Plot labels={[{ at: view.successAt(objective.successRate), text: 'objective', tone: 'text-warn-text' }]}>
            <TimeSeries {...shared} {...view.success} height={PLOT_HEIGHT} showTimeAxis={false} />
          </Plot>
          <Plot labels={[]}>
            <TimeSeries {...shared} {...view.volume} height={PLOT_HEIGHT} showTimeAxis={false} />
            {point !== null && <ChartTooltip point={point} share={cursor === null || last === 0 ? 0 : cursor / last} />}
          </Plot>
          <Plot labels={view.latencyLabels}>
            <TimeSeries {...shared} {...view.latency} height={PLOT_HEIGHT} showTimeAxis />
            <span className="absolute right-0 bottom-0 text-12 text-ink-3">UTC</span>
          </Plot>
          <div
            role="slider"
            tabIndex={0}
            aria-label="Moment in the charts"
            aria-orientation="horizontal"
            aria-valuemin={0}
            aria-valuemax={Math.max(0, last)}
            aria-valuenow={cursor ?? Math.max(0, last)}
            aria-valuetext={point === null ? 'Arrow keys read the charts step by step' : point.text}
            onKeyDown={onKeyDown}
            className="pointer-events-none absolute inset-x-0 top-[22px] bottom-0 z-2 rounded-2"
          />
        </div>
      </div>
      <div className="mt-2 flex flex-wrap items-center gap-x-5 gap-y-1 text-12 text-ink-2 md:pl-[168px]">
        {gaps.length > 0 && <span>Hatched: no data came.</span>}
        <span className="ml-auto">
          {side === 'callers' ? 'Callers’ side, after retries' : 'Server’s side: no caller is in the mesh'}
        </span>
        <Button look="quiet" size="small" aria-expanded={showsTable} onClick={() => setShowsTable(!showsTable)}>
          <Table2 size={14} aria-hidden />
          {showsTable ? 'Hide table' : 'Table'}
        </Button>
      </div>
      {showsTable && <ChartTable series={series} layers={layers} />}
    </section>
  )
}

function Reading({
  name,
  value,
  children,
}: Readonly<{ name: string; value: { text: string; unit: string }; children: ReactNode }>) {
  return (
    <div style={{ height: PLOT_HEIGHT }}>
      <h2 className="text-ink-2">{name}</h2>
      <Measure value={value} className="font-medium text-20" />
      <div className="text-12 text-ink-2">{children}</div>
    </div>
  )
}

function Legend({ layers }: Readonly<{ layers: readonly Layer[] }>) {
  return (
    <span className="flex flex-wrap gap-x-2">
      {layers.map((layer) => (
        <span key={layer.key} className="inline-flex items-center gap-1">
          <span className="size-2 rounded-[2px]" style={{ background: `var(${layer.color})` }} />
          {layer.key === 'ok' ? '2xx' : layer.label}
        </span>
      ))}
    </span>
  )
}

interface PlotProps {
  children: ReactNode
  /** Words at the right end, at a height from 0 (top) to 1. */
  labels: readonly { at: number; text: string; tone?: string }[]
}

function Plot({ children, labels }: Readonly<PlotProps>) {
  return (
    <div className="relative pr-[58px]">
      {children}
      {labels.map((label) => (
        <span
          key={label.text}
          aria-hidden
          className={`-translate-y-1/2 absolute right-0 w-[54px] text-12 ${label.tone ?? 'text-ink-2'}`}
          style={{ top: PAD + label.at * (PLOT_HEIGHT - 2 * PAD) }}
        >
          {label.text}
        </span>
      ))}
    </div>
  )
}
