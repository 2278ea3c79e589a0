// Success, volume, latency, of a service or of a route: one lane of change marks, the plots, one axis, one cursor, and
// the table behind them. The heatmap stands below the latencies or in their place.
'use client'
import { useId, useMemo, useState } from 'react'
import { useZone } from '@/components/frame/useZone'
import { Measure } from '@/components/ui/numbers'
import { plotSpan } from '@/data/goldenChart'
import {
  carriedText,
  formatCount,
  formatLatency,
  formatRate,
  formatSuccess,
  type Quantity,
  quantityText,
  rateUnit,
} from '@/data/numbers'
import { PLOT_HEIGHT } from '@/data/plotSize'
import { zoneName } from '@/data/zone'
import type { Heatmap } from '@/server/schemas/charts'
import type { BytesPerSecond, Protocol } from '@/server/schemas/numbers'
import type { RouteGetOutput } from '@/server/schemas/route'
import { ChangeLane } from './changeLane'
import { ChartFoot } from './chartFoot'
import { ChartTable } from './chartTable'
import { ChartTooltip, pointAt } from './chartTooltip'
import { chartsOf } from './chartView'
import { HeatmapPlot, HeatmapReading, heatmapText } from './heatmapPlot'
import { HeatmapTable } from './heatmapTable'
import { LatencyToggle, type LatencyView } from './latencyToggle'
import { LABEL_WIDTH, Legend, Plot, Reading } from './plot'
import { TimeSeries, Y_AXIS_WIDTH } from './timeSeries'
import { useChartCursor } from './useChartCursor'
import { useCompare } from './useCompare'
import { useZoom } from './useZoom'

type Numbers = Pick<RouteGetOutput, 'series' | 'marks' | 'golden' | 'objective' | 'side'>

interface Props extends Numbers {
  chart: { service: string; route?: string }
  protocol?: Protocol
  /** Of TCP: what its connections carried. */
  bytesPerSecond?: BytesPerSecond | null
  /** `both`: percentiles with the heatmap below them. */
  latency: { view: LatencyView | 'both'; onChange?: (view: LatencyView) => void }
  /** Undefined while it is read. */
  heatmap: Heatmap | undefined
}

export function GoldenCharts({
  chart,
  series,
  marks,
  golden,
  objective,
  side,
  latency,
  heatmap,
  protocol = 'http',
  bytesPerSecond = null,
}: Readonly<Props>) {
  const unit = rateUnit(protocol)
  const syncKey = useId()
  const [zone] = useZone()
  const [showsTable, setShowsTable] = useState(false)
  const compare = useCompare(chart)
  const zoom = useZoom()
  const { compared } = compare
  const view = useMemo(
    () => chartsOf(series, objective.successRate, compared, protocol),
    [series, objective.successRate, compared, protocol],
  )
  const { times, layers, gaps } = view
  const last = times.length - 1
  const cursor = useChartCursor(times.length)
  const point = cursor.index === null ? null : pointAt(series, layers, cursor.index, compared, zone, unit)
  const cells = latency.view !== 'percentiles' && heatmap !== undefined ? heatmap : null
  const column =
    cells === null || cursor.index === null ? null : heatmapText(cells, series.from + cursor.index * series.stepMs)
  const shared = {
    times,
    syncKey,
    zone,
    cursor: cursor.byKeys,
    onCursor: cursor.follow,
    onZoom: zoom.zoomIn,
    onZoomOut: zoom.zoomOut,
  }
  const success = { text: formatSuccess(golden.successRate), unit: golden.successRate === null ? '' : '%' }
  const showsPercentiles = latency.view !== 'heatmap'
  const { latencyMs } = golden
  const spoken = point === null ? null : [point.text, column === null ? '' : column].filter(Boolean)
  return (
    <section aria-label="Success, volume and latency">
      <dl className="flex justify-between gap-4 pb-3 md:hidden">
        <Short name="Success" value={success} />
        <Short name="Volume" value={formatRate(golden.requestsPerSecond, unit)} />
        <Short name="p99" value={formatLatency(latencyMs.p99)} />
      </dl>
      <div className="grid grid-cols-[112px_minmax(0,1fr)] max-md:grid-cols-1">
        <div className="flex flex-col pt-[26px] max-md:hidden">
          <Reading name="Success" height={PLOT_HEIGHT} value={success}>
            {formatCount(golden.failures)} failed of {formatCount(golden.requests)}
          </Reading>
          <Reading name="Volume" height={PLOT_HEIGHT} value={formatRate(golden.requestsPerSecond, unit)}>
            {bytesPerSecond !== null && <span className="mb-1 block">{carriedText(bytesPerSecond)}</span>}
            <Legend layers={layers} />
          </Reading>
          {showsPercentiles && (
            <Reading
              name={protocol === 'tcp' ? 'Time to take p99' : 'Latency p99'}
              height={PLOT_HEIGHT}
              value={formatLatency(latencyMs.p99)}
            >
              p95 {quantityText(formatLatency(latencyMs.p95))}
              <br />
              p50 {quantityText(formatLatency(latencyMs.p50))}
            </Reading>
          )}
          {cells !== null && <HeatmapReading heatmap={cells} />}
        </div>
        <div className="relative pt-[26px]">
          <ChangeLane marks={marks} span={plotSpan(series)} axisWidth={Y_AXIS_WIDTH} zone={zone} />
          <div
            className="pointer-events-none absolute top-[26px] bottom-[22px] z-1"
            style={{ left: Y_AXIS_WIDTH, right: LABEL_WIDTH }}
          >
            {gaps.map((gap) => (
              <span
                key={gap.from}
                className="absolute inset-y-0 bg-[repeating-linear-gradient(135deg,var(--hatch)_0_1.5px,transparent_1.5px_6px)]"
                style={{ left: `${gap.from * 100}%`, width: `${(gap.to - gap.from) * 100}%` }}
              />
            ))}
          </div>
          <Plot height={PLOT_HEIGHT} labels={view.success.labels}>
            <TimeSeries {...shared} {...view.success} height={PLOT_HEIGHT} showTimeAxis={false} />
          </Plot>
          <Plot height={PLOT_HEIGHT} labels={view.volume.labels}>
            <TimeSeries {...shared} {...view.volume} height={PLOT_HEIGHT} showTimeAxis={false} />
            {point !== null && (
              <ChartTooltip
                point={point}
                column={column}
                share={cursor.index === null || last === 0 ? 0 : cursor.index / last}
              />
            )}
          </Plot>
          {showsPercentiles && (
            <Plot height={PLOT_HEIGHT} labels={view.latency.labels}>
              <TimeSeries {...shared} {...view.latency} height={PLOT_HEIGHT} showTimeAxis={cells === null} />
            </Plot>
          )}
          {cells !== null && <HeatmapPlot {...shared} heatmap={cells} showTimeAxis />}
          {!showsPercentiles && cells === null && <div style={{ height: PLOT_HEIGHT }} />}
          <span className="absolute right-0 bottom-0 text-12 text-ink-3">{zoneName(series.from, zone)}</span>
          <div
            role="slider"
            tabIndex={0}
            aria-label="Moment in the charts"
            aria-orientation="horizontal"
            aria-valuemin={0}
            aria-valuemax={Math.max(0, last)}
            aria-valuenow={cursor.index ?? Math.max(0, last)}
            aria-valuetext={spoken === null ? 'Arrow keys read the charts step by step' : spoken.join('; ')}
            onKeyDown={cursor.onKeyDown}
            className="pointer-events-none absolute inset-x-0 top-[22px] bottom-0 z-2 rounded-2"
          />
        </div>
      </div>
      <ChartFoot
        series={series}
        side={side}
        hasGaps={gaps.length > 0}
        zone={zone}
        zoom={zoom}
        compare={compare}
        showsTable={showsTable}
        onTable={() => setShowsTable(!showsTable)}
      >
        {latency.onChange !== undefined && latency.view !== 'both' && (
          <LatencyToggle view={latency.view} onChange={latency.onChange} />
        )}
      </ChartFoot>
      {showsTable && <ChartTable series={series} layers={layers} compared={compared} zone={zone} unit={unit} />}
      {showsTable && cells !== null && <HeatmapTable heatmap={cells} zone={zone} />}
    </section>
  )
}

/** What stands beside the plots on a wide screen, in one line above them on a phone. */
function Short({ name, value }: Readonly<{ name: string; value: Quantity }>) {
  return (
    <div>
      <dt className="text-12 text-ink-2">{name}</dt>
      <dd>
        <Measure value={value} className="font-medium text-20" />
      </dd>
    </div>
  )
}
