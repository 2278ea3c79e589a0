// The numbers behind the charts, newest first.
import { Aligned } from '@/components/ui/numbers'
import type { Layer } from '@/data/goldenChart'
import { DASH, formatCount, formatSuccess, formatThreeFigures } from '@/data/numbers'
import { clockSeconds, dayMonth } from '@/data/timeRange'
import type { GoldenSeries } from '@/server/schemas/numbers'

export function ChartTable({ series, layers }: Readonly<{ series: GoldenSeries; layers: readonly Layer[] }>) {
  const rows = series.requests.map((_, i) => i).reverse()
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
            <th scope="col">From, UTC</th>
            {[
              'Success %',
              'Failed',
              'Calls',
              ...layers.map((layer) => `${layer.label} rps`),
              'p50 ms',
              'p95 ms',
              'p99 ms',
            ].map((head) => (
              <th key={head} scope="col" className="number">
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
                  {dayMonth(at)}, {clockSeconds(at)}
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
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}
