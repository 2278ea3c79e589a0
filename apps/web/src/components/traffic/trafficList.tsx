// The traffic of the whole mesh: services whose calls are being split first, then the others. A row opens the service's own page.
'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { MiniThreads } from '@/components/charts/miniThreads'
import { Link } from '@/components/frame/link'
import { useRange } from '@/components/frame/useRange'
import { Aligned, SuccessCell } from '@/components/ui/numbers'
import { PageSkeleton } from '@/components/ui/skeleton'
import { Empty, PanelError } from '@/components/ui/states'
import { Status, toneOf } from '@/components/ui/status'
import { DASH, formatShare, formatSuccess, formatThreeFigures, NBSP } from '@/data/numbers'
import { routes } from '@/lib/routes'
import type { ServiceRow } from '@/server/schemas/services'
import { useTRPC } from '@/trpc/client'

export function TrafficList() {
  const trpc = useTRPC()
  const range = useRange()
  const list = useQuery(trpc.services.list.queryOptions({ range: range.input }, { placeholderData: keepPreviousData }))
  if (list.data === undefined)
    return (
      <>
        <h1 className={list.isError ? 'mb-4 font-semibold text-20' : 'sr-only'}>Traffic</h1>
        {list.isError ? (
          <PanelError what="The splits" error={list.error} onRetry={() => void list.refetch()} />
        ) : (
          <PageSkeleton />
        )}
      </>
    )
  const split = list.data.rows.filter((row) => row.splitInProgress)
  const rest = list.data.rows.filter((row) => !row.splitInProgress)
  return (
    <>
      <h1 className="mb-3.5 font-semibold text-20">
        {split.length === 0
          ? 'No split in progress'
          : `${split.length} split${split.length === 1 ? '' : 's'} in progress`}
      </h1>
      {list.data.rows.length === 0 ? (
        <Empty title="No service has joined yet">
          Splits appear here as soon as a service has routes with weights.
        </Empty>
      ) : (
        <table className="grid-table">
          <thead>
            <tr>
              <th scope="col">Service</th>
              <th scope="col">Versions %</th>
              <th scope="col" className="max-md:hidden">
                Each version’s success
              </th>
              <th scope="col" className="number max-md:hidden">
                Success %
              </th>
              <th scope="col" className="number">
                Volume rps
              </th>
              <th scope="col" className="max-lg:hidden md:pl-4">
                Status
              </th>
            </tr>
          </thead>
          <tbody>
            {[...split, ...rest].map((row) => (
              <TrafficRow key={row.service} row={row} />
            ))}
          </tbody>
        </table>
      )}
    </>
  )
}

function TrafficRow({ row }: Readonly<{ row: ServiceRow }>) {
  const shared = row.versions.filter((version) => version.share !== null)
  return (
    <tr className="link-row">
      <td>
        <Link href={routes.service(row.service, 'traffic')} className="row-link font-medium">
          {row.service}
        </Link>{' '}
        <span className="text-ink-3">{row.owner}</span>
      </td>
      <td>
        {shared.length === 0 ? (
          <span className="text-ink-3">{DASH}</span>
        ) : (
          <span className="inline-flex items-center gap-2 whitespace-nowrap">
            <MiniThreads shares={row.versions.map((version) => version.share ?? 0)} />
            <span className="max-md:hidden">
              {shared.map((version) => `${version.version} ${formatShare(version.share ?? 0)}`).join(' · ')}
            </span>
          </span>
        )}
      </td>
      <td className="max-md:hidden">
        {row.versions.map((version) => (
          <span key={version.version} className={`mr-4 ${toneOf(version.health.state) || 'text-ink-2'}`}>
            {version.version} {version.health.reason ?? word(version.health.state)}
          </span>
        ))}
      </td>
      <td className="number max-md:hidden">
        <SuccessCell percent={row.successRate} requests={row.requests} tone={toneOf(row.health.state)} />
      </td>
      <td className="number">
        <Aligned text={formatThreeFigures(row.requestsPerSecond)} />
      </td>
      <td className="pl-4 max-lg:hidden">
        <Status state={row.health.state} />
        {row.splitInProgress && (
          <span className="sr-only">
            , split in progress, {formatSuccess(row.successRate)}
            {NBSP}%
          </span>
        )}
      </td>
    </tr>
  )
}

const word = (state: ServiceRow['health']['state']) =>
  state === 'idle' ? 'no traffic' : state === 'unknown' ? 'not reporting' : 'healthy'
