// A route's versions side by side over the last 15 minutes, and whether what differs is more than chance.
import { dye } from '@/components/charts/miniThreads'
import { Sparkline } from '@/components/charts/sparkline'
import { FailedCell, SuccessCell } from '@/components/ui/numbers'
import { toneOf } from '@/components/ui/status'
import { Joined } from '@/components/ui/youth'
import { formatShare, formatThreeFigures, NBSP } from '@/data/numbers'
import type { RouteGetOutput, RouteVersion } from '@/server/schemas/route'

/** A column holds numbers of several units: nothing aligns at a point, all of it at the right edge, below its version. */
const ROWS: readonly { head: string; cell: (version: RouteVersion, objective: number) => React.ReactNode }[] = [
  {
    head: 'Success %',
    cell: (version, objective) => (
      <SuccessCell
        percent={version.successRate}
        requests={version.requests}
        tone={version.successRate !== null && version.successRate < objective ? toneOf(version.health.state) : ''}
      />
    ),
  },
  { head: 'Failed', cell: ({ failures, requests }) => <FailedCell failures={failures} requests={requests} /> },
  { head: 'Volume rps', cell: ({ requestsPerSecond }) => formatThreeFigures(requestsPerSecond) },
  { head: 'p50 ms', cell: ({ latencyMs }) => formatThreeFigures(latencyMs.p50) },
  { head: 'p95 ms', cell: ({ latencyMs }) => formatThreeFigures(latencyMs.p95) },
  { head: 'p99 ms', cell: ({ latencyMs }) => formatThreeFigures(latencyMs.p99) },
]

export function ByVersion({ data }: Readonly<{ data: RouteGetOutput }>) {
  const { versions, comparisons, objective } = data
  return (
    <section aria-label="By version">
      <div className="mb-1 flex items-baseline gap-3">
        <h2 className="whitespace-nowrap font-semibold text-14">By version</h2>
        <span className="text-12 text-ink-3">last 15{NBSP}min</span>
      </div>
      {versions.length === 0 ? (
        <p className="border-line border-t py-3 text-ink-2">No version was reached in the last 15{NBSP}min.</p>
      ) : (
        <div className="overflow-x-auto">
          <table className="grid-table">
            <thead>
              <tr>
                <th scope="col">
                  <span className="sr-only">Number</span>
                </th>
                {versions.map((version, i) => (
                  <th key={version.version} scope="col" className="number">
                    <span className="mr-1.5 inline-block size-2 rounded-[2px]" style={{ background: dye(i) }} />
                    {version.version}
                    {version.share !== null && (
                      <span className="font-normal text-ink-3">
                        {' '}
                        {formatShare(version.share)}
                        {NBSP}%
                      </span>
                    )}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {ROWS.map(({ head, cell }) => (
                <tr key={head}>
                  <th scope="row" className="!border-line !font-normal !text-13">
                    {head}
                  </th>
                  {versions.map((version) => (
                    <td key={version.version} className="number">
                      {cell(version, objective.successRate)}
                    </td>
                  ))}
                </tr>
              ))}
              <Trend head="Success, trend" versions={versions} valuesOf={({ spark }) => spark.successRate} />
              <Trend head="p99, trend" versions={versions} valuesOf={({ spark }) => spark.p99Ms} />
            </tbody>
          </table>
        </div>
      )}
      {versions.map(
        ({ version, joinedAt }) =>
          joinedAt !== null && (
            <p key={version} className="mt-2 text-12 text-ink-2">
              {version} <Joined at={joinedAt} />: its volume and the shares are since then.
            </p>
          ),
      )}
      {comparisons.map(({ version, words }) => (
        <p key={version} className="mt-2 text-12 text-ink-2">
          {words}
        </p>
      ))}
    </section>
  )
}

interface TrendProps {
  head: string
  versions: readonly RouteVersion[]
  valuesOf: (version: RouteVersion) => readonly (number | null)[]
}

/** The numbers above say it in words: the lines are for the eye alone. */
function Trend({ head, versions, valuesOf }: Readonly<TrendProps>) {
  return (
    <tr aria-hidden>
      <td className="text-ink-2">{head}</td>
      {versions.map((version, i) => (
        <td key={version.version} className="number">
          <Sparkline values={valuesOf(version)} color={dye(i)} width={72} className="ml-auto inline-block" />
        </td>
      ))}
    </tr>
  )
}
