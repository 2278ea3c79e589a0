// The numbers behind the charts, newest first; those that they are compared with stand beside them.
import { Aligned } from '@/components/ui/numbers'
import { COMPARED, pastAt, pastRate } from '@/data/ghost'
import type { Layer } from '@/data/goldenChart'
import { DASH, formatCount, formatSuccess, formatThreeFigures, type RateUnit } from '@/data/numbers'
import { clockSeconds, dayMonth } from '@/data/timeRange'
import { type Zone, zoneName } from '@/data/zone'
import type { GoldenSeries } from '@/server/schemas/numbers'
import type { Compared } from './chartView'

interface Props {
  series: GoldenSeries
  layers: readonly Layer[]
  compared: Compared | null
  zone: Zone
  unit: RateUnit
}

export function ChartTable({ series, layers, compared, zone, unit }: Readonly<Props>) {
  const rows = series.requests.map((_, i) => i).reverse()
  const past = compared?.past === undefined ? null : pastColumns(compared.past)
  const heads = [
    'Success %',
    'Failed',
    unit === 'rps' ? 'Calls' : 'Connections',
    ...layers.map((layer) => `${layer.label} ${unit}`),
    'p50 ms',
    'p95 ms',
    'p99 ms',
    ...(past === null || compared === null
      ? []
      : ['Success %', `Volume ${unit}`, 'p99 ms'].map((head) => `${head}, ${COMPARED[compared.with].head}`)),
  ]
  return (
    <section
      aria-label="The charts' numbers"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
      tabIndex={0}
      className="mt-3 max-h-96 overflow-auto border-line border-y"
    >
      <table className="grid-table">
        <thead className="sticky top-0 bg-canvas">
          <tr>
            <th scope="col">From, {zoneName(series.from, zone)}</th>
            {heads.map((head) => (
              <th key={head} scope="col" className="number pl-3">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((i) => {
            const at = series.from + i * series.stepMs
            const count = (value: number | null | undefined) => (value == null ? DASH : formatCount(value))
            return (
              <tr key={at}>
                <td className="whitespace-nowrap">
                  {dayMonth(at, zone)}, {clockSeconds(at, zone)}
                </td>
                <td className="number">{formatSuccess(series.successRate[i] ?? null)}</td>
                <td className="number">{count(series.failures[i])}</td>
                <td className="number">{count(series.requests[i])}</td>
                {layers.map((layer) => (
                  <td key={layer.key} className="number">
                    <Aligned text={formatThreeFigures(layer.values[i] ?? null)} />
                  </td>
                ))}
                {(['p50', 'p95', 'p99'] as const).map((quantile) => (
                  <td key={quantile} className="number">
                    <Aligned text={formatThreeFigures(series.latencyMs[quantile][i] ?? null)} />
                  </td>
                ))}
                {past !== null && (
                  <>
                    <td className="number text-ink-2">{formatSuccess(past.success(at))}</td>
                    <td className="number text-ink-2">
                      <Aligned text={formatThreeFigures(past.rate(at))} />
                    </td>
                    <td className="number text-ink-2">
                      <Aligned text={formatThreeFigures(past.p99(at))} />
                    </td>
                  </>
                )}
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}

function pastColumns(past: NonNullable<Compared['past']>) {
  const rates = pastRate(past)
  return {
    success: (at: number) => pastAt(at, past, past.series.successRate),
    rate: (at: number) => pastAt(at, past, rates),
    p99: (at: number) => pastAt(at, past, past.series.latencyMs.p99),
  }
}
