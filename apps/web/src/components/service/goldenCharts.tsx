// Success, volume, latency: one lane of change marks, three plots, one axis, one cursor, and the table behind them.
'use client'
import { Table2 } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useId, useMemo, useState } from 'react'
import { type Line, PAD, TimeSeries, Y_AXIS_WIDTH } from '@/components/charts/timeSeries'
import { Button } from '@/components/ui/button'
import { Measure } from '@/components/ui/numbers'
import { gapsOf, largest, layersOf, niceTop, stacked, successFloor, timesOf } from '@/data/goldenChart'
import { formatCount, formatLatency, formatRate, formatSuccess, NBSP, quantityText } from '@/data/numbers'
import type { ServicesGetOutput } from '@/server/schemas/services'
import { ChangeLane } from './changeLane'
import { ChartTable } from './chartTable'
import { ChartTooltip, pointAt } from './chartTooltip'

const PLOT_HEIGHT = 126
const tint = (color: string) => `color-mix(in srgb, ${color} 18%, var(--canvas))`

type Props = Pick<ServicesGetOutput, 'series' | 'marks' | 'golden' | 'objective' | 'range' | 'side'>

export function GoldenCharts({ series, marks, golden, objective, range, side }: Readonly<Props>) {
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
          <ChangeLane marks={marks} from={range.from} to={range.to} axisWidth={Y_AXIS_WIDTH} />
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

function Legend({ layers }: Readonly<{ layers: ReturnType<typeof layersOf> }>) {
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

/** Everything that the three plots need, from one series. */
function chartsOf(series: ServicesGetOutput['series'], objective: number) {
  const times = timesOf(series)
  const layers = layersOf(series)
  const edges = stacked(layers)
  const floor = successFloor(series.successRate, objective)
  const failedTop = Math.max(2, largest(series.failures)) * 4
  const volumeTop = niceTop(largest(edges.at(-1) ?? []))
  const slowest = largest(series.latencyMs.p99)
  const isSeconds = slowest >= 1_000
  const latencyTop = isSeconds ? niceTop(slowest / 1_000) * 1_000 : niceTop(slowest)
  const constant = times.map(() => objective)
  const success: Line[] = [
    { values: series.failures, color: 'var(--c-5xx)', kind: 'bars', top: failedTop },
    { values: constant, color: 'var(--warn)', kind: 'line', dash: [4, 3] },
    { values: series.successRate, color: 'var(--c-2xx)', kind: 'line' },
  ]
  const volume: Line[] = layers
    .map((layer, i): Line => {
      const color = `var(${layer.color})`
      return { values: edges[i] ?? [], color, kind: 'area', fill: layer.key === 'ok' ? tint(color) : color }
    })
    .reverse()
  const { p50, p95, p99 } = series.latencyMs
  const atEnd = (values: readonly (number | null)[]) => values.findLast((value) => value !== null) ?? null
  return {
    times,
    layers,
    gaps: gapsOf(series.requests),
    successAt: (percent: number) => (100 - percent) / (100 - floor),
    success: {
      lines: success,
      range: [floor, 100] as const,
      ticks: [floor, (floor + 100) / 2, 100],
      tickText: (value: number) => (value === 100 ? `100${NBSP}%` : String(value)),
    },
    volume: {
      lines: volume,
      range: [0, volumeTop] as const,
      ticks: [0, volumeTop / 2, volumeTop],
      tickText: (value: number) => (value === volumeTop ? `${tickNumber(value)}${NBSP}rps` : tickNumber(value)),
    },
    latency: {
      lines: [
        { values: p50, color: 'var(--c-p50)', kind: 'line' },
        { values: p95, color: 'var(--c-p95)', kind: 'line' },
        { values: p99, color: 'var(--c-p99)', kind: 'line' },
      ] satisfies Line[],
      range: [0, latencyTop] as const,
      ticks: [0, latencyTop / 2, latencyTop],
      tickText: (value: number) => {
        const shown = tickNumber(isSeconds ? value / 1_000 : value)
        return value === latencyTop ? `${shown}${NBSP}${isSeconds ? 's' : 'ms'}` : shown
      },
    },
    latencyLabels: spread(
      [
        { text: 'p99', value: atEnd(p99) },
        { text: 'p95', value: atEnd(p95) },
        { text: 'p50', value: atEnd(p50) },
      ].flatMap(({ text, value }) => (value === null ? [] : [{ text, at: 1 - value / latencyTop }])),
    ),
  }
}

function tickNumber(value: number): string {
  return Number.isInteger(value) ? formatCount(value) : String(Number(value.toPrecision(3)))
}

/** Labels from the top down, no two closer than a line of text. */
function spread(labels: { text: string; at: number }[]): { text: string; at: number }[] {
  const least = 15 / PLOT_HEIGHT
  const placed: { text: string; at: number }[] = []
  for (const label of labels) {
    const above = placed.at(-1)
    placed.push({ ...label, at: above === undefined ? label.at : Math.max(label.at, above.at + least) })
  }
  const over = Math.max(0, (placed.at(-1)?.at ?? 0) - 1)
  return placed.map((label) => ({ ...label, at: label.at - over }))
}
