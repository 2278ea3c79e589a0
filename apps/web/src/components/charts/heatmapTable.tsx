// The cells of the heatmap as numbers, newest first: calls by time and latency.
import { rowText } from '@/data/heatmapView'
import { formatCount } from '@/data/numbers'
import { clockSeconds, dayMonth } from '@/data/timeRange'
import { type Zone, zoneName } from '@/data/zone'
import type { Heatmap } from '@/server/schemas/charts'

export function HeatmapTable({ heatmap, zone }: Readonly<{ heatmap: Heatmap; zone: Zone }>) {
  const rows = heatmap.boundsMs.slice(1).map((_, row) => rowText(heatmap, row))
  const columns = heatmap.columns.map((counts, i) => ({ at: heatmap.from + i * heatmap.stepMs, counts })).reverse()
  if (rows.length === 0) return <p className="mt-3 text-ink-2">No call in this range, so the heatmap has no cells.</p>
  return (
    <section
      aria-label="The heatmap's numbers"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
      tabIndex={0}
      className="mt-3 max-h-96 overflow-auto border-line border-y"
    >
      <table className="grid-table">
        <thead className="sticky top-0 bg-canvas">
          <tr>
            <th scope="col">From, {zoneName(heatmap.from, zone)}</th>
            <th scope="col" className="number">
              Calls
            </th>
            {rows.map((row) => (
              <th key={row} scope="col" className="number pl-3">
                {row}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {columns.map(({ at, counts }) => (
            <tr key={at}>
              <td className="whitespace-nowrap pr-4">
                {dayMonth(at, zone)}, {clockSeconds(at, zone)}
              </td>
              <td className="number">{formatCount(counts.reduce((sum, count) => sum + count, 0))}</td>
              {rows.map((row, i) => (
                <td key={row} className={`number ${counts[i] === 0 ? 'text-ink-3' : ''}`}>
                  {formatCount(counts[i] ?? 0)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
