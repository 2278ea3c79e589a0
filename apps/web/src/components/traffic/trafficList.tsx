// The traffic of the whole mesh: splits in progress first, with their threads, who moved them last and how each version
// does; then the other services that have routes. A row opens the service's own page.
'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { memo, useCallback, useMemo } from 'react'
import { MiniThreads } from '@/components/charts/miniThreads'
import { Link } from '@/components/frame/link'
import { useMoment } from '@/components/frame/useMoment'
import { Gap } from '@/components/ui/gap'
import { Aligned, SuccessCell } from '@/components/ui/numbers'
import { PageSkeleton } from '@/components/ui/skeleton'
import { Empty, PanelError } from '@/components/ui/states'
import { Status, toneOf } from '@/components/ui/status'
import { useRowsInView } from '@/components/ui/useRowsInView'
import { isSame } from '@/data/isSame'
import { formatRevision, formatThreeFigures, plural } from '@/data/numbers'
import { sharesOf, shareTexts } from '@/data/shares'
import { backendText, shownTraffic } from '@/data/shownTraffic'
import { lengthText } from '@/data/timeRange'
import { troubledNumber } from '@/data/trouble'
import { routes } from '@/lib/routes'
import type { Split, TrafficListRow } from '@/server/schemas/routeEdits'
import { useTRPC } from '@/trpc/client'

export function TrafficList() {
  const trpc = useTRPC()
  const list = useQuery(trpc.traffic.list.queryOptions(undefined, { placeholderData: keepPreviousData }))
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
  const { rows, unrouted, windowMs } = list.data
  const splits = rows.reduce((sum, row) => sum + row.splits.length, 0)
  return (
    <>
      <h1 className="mb-1 font-semibold text-20">
        {splits === 0 ? 'No split in progress' : `${splits} split${splits === 1 ? '' : 's'} in progress`}
      </h1>
      <p className="mb-3.5 text-ink-2">
        Numbers of the last {lengthText(windowMs)}, callers’ side, after retries.
        {unrouted > 0 && ` ${plural(unrouted, 'service')} without routes.`}
      </p>
      {list.isError && <PanelError what="Newer numbers" error={list.error} onRetry={() => void list.refetch()} />}
      {rows.length === 0 ? (
        <Empty title="No service has routes">
          A route splits the calls of a service by weight. It is made on the service’s Traffic tab.
        </Empty>
      ) : (
        <TrafficTable rows={rows} />
      )}
    </>
  )
}

const ROW_PX = 36
const COLUMNS = 6

function TrafficTable({ rows }: Readonly<{ rows: readonly TrafficListRow[] }>) {
  const names = useMemo(() => rows.map(({ service }) => service).join(), [rows])
  // Heights are remembered by service, as long as it is the same services in the same order.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the names stand for the rows
  const keyOf = useCallback((index: number) => rows[index]?.service ?? '', [names])
  const { table, shown, above, below, measure } = useRowsInView({ count: rows.length, rowPx: ROW_PX, keyOf })
  return (
    <table ref={table} className="grid-table" aria-rowcount={rows.length + 1}>
      <thead>
        <tr>
          <th scope="col">Service</th>
          <th scope="col">Split %</th>
          <th scope="col" className="max-md:hidden">
            Moved last
          </th>
          <th scope="col" className="number max-md:hidden">
            Success %
          </th>
          <th scope="col" className="number max-md:hidden">
            Volume rps
          </th>
          <th scope="col" className="max-lg:hidden md:pl-4">
            Status
          </th>
        </tr>
      </thead>
      <Gap height={above} columns={COLUMNS} />
      <tbody>
        {shown.map((index) => {
          const row = rows[index]
          return row === undefined ? null : <TrafficRow key={row.service} row={row} index={index} measure={measure} />
        })}
      </tbody>
      <Gap height={below} columns={COLUMNS} />
    </table>
  )
}

interface RowProps {
  row: TrafficListRow
  index: number
  measure: ((element: Element | null) => void) | undefined
}

const isDrawnAlike = (a: RowProps, b: RowProps) =>
  a.index === b.index &&
  a.measure === b.measure &&
  (a.row === b.row || isSame(shownTraffic(a.row), shownTraffic(b.row)))

/** Drawn anew only when it would read otherwise. */
const TrafficRow = memo(function TrafficRow({ row, index, measure }: Readonly<RowProps>) {
  return (
    <tr ref={measure} data-index={index} aria-rowindex={index + 2} className="link-row align-top">
      <td className="py-2">
        <Link href={routes.service(row.service, 'traffic')} className="row-link font-medium">
          {row.service}
        </Link>{' '}
        <span className="text-ink-3">{row.owner}</span>
      </td>
      <td className="py-2">
        {row.splits.length === 0 ? (
          <span className="text-ink-2">{plural(row.rules, 'rule')}, none split</span>
        ) : (
          <ul className="flex flex-col gap-2">
            {row.splits.map((split) => (
              <SplitCell key={split.label} split={split} />
            ))}
          </ul>
        )}
      </td>
      <td className="py-2 max-md:hidden">
        {row.splits.map((split) => (
          <Moved key={split.label} split={split} />
        ))}
      </td>
      <td className="number py-2 max-md:hidden">
        <SuccessCell
          percent={row.golden.successRate}
          requests={row.golden.requests}
          tone={troubledNumber(row.health) === 'success' ? toneOf(row.health.state) : ''}
        />
      </td>
      <td className="number py-2 max-md:hidden">
        <Aligned text={formatThreeFigures(row.golden.requestsPerSecond)} />
      </td>
      <td className="py-2 pl-4 max-lg:hidden">
        <Status state={row.health.state} />
      </td>
    </tr>
  )
}, isDrawnAlike)

function SplitCell({ split }: Readonly<{ split: Split }>) {
  const weights = split.backends.map(({ weight }) => weight)
  const texts = shareTexts(weights)
  return (
    <li>
      <span className="flex flex-wrap items-center gap-2">
        <MiniThreads shares={sharesOf(weights)} />
        <span className="font-mono text-12 [overflow-wrap:anywhere]">{split.match}</span>
      </span>
      {split.backends.map((backend, i) => (
        <span key={backend.name} className={`mr-4 inline-block ${toneOf(backend.health.state) || 'text-ink-2'}`}>
          {backend.version ?? backend.name} <span className="font-medium">{texts[i]}</span>, {backendText(backend)}
        </span>
      ))}
    </li>
  )
}

const Moved = memo(
  function Moved({ split: { moved } }: Readonly<{ split: Pick<Split, 'moved'> }>) {
    const moment = useMoment()
    if (moved === null) return <p className="text-ink-3">not known</p>
    return (
      <p>
        <bdi>{moved.actor}</bdi>, {moment(moved.at)}{' '}
        <span className="text-ink-3">{formatRevision(moved.revision)}</span>
      </p>
    )
  },
  (a, b) => isSame(a.split.moved, b.split.moved),
)
