// The routes of a service, worst first, with how each is split, repeated and timed out.
'use client'
import { memo } from 'react'
import { MiniThreads } from '@/components/charts/miniThreads'
import { Link, TextLink } from '@/components/frame/link'
import { useIsPhone } from '@/components/frame/useIsPhone'
import { RowsInSight } from '@/components/ui/inSight'
import { MatchText } from '@/components/ui/matchText'
import { Aligned, FailedCell, Measure, SuccessCell } from '@/components/ui/numbers'
import { Status, toneOf } from '@/components/ui/status'
import { isSame } from '@/data/isSame'
import { DASH, durationText, formatLatency, formatRate, formatSuccess, formatThreeFigures, NBSP } from '@/data/numbers'
import { shapeOfRoute, shownRoute } from '@/data/shownRow'
import { lengthText } from '@/data/timeRange'
import { routes as addresses } from '@/lib/routes'
import type { ServiceRouteRow, ServicesGetOutput } from '@/server/schemas/services'

interface Props {
  service: string
  routes: readonly ServiceRouteRow[]
  objective: ServicesGetOutput['objective']
  range: ServicesGetOutput['range']
}

export function RoutesTable({ service, routes, objective, range }: Readonly<Props>) {
  const isPhone = useIsPhone()
  return (
    <section aria-label="Routes" className="asleep mt-8">
      <div className="mb-1 flex flex-wrap items-baseline gap-x-3">
        <h2 className="font-semibold text-14">Routes</h2>
        <span className="text-12 text-ink-2">
          worst first · status by the last 15{NBSP}min, numbers over {lengthText(range.to - range.from)}, callers’ side
        </span>
        <TextLink href={addresses.service(service, 'traffic')} className="ml-auto">
          Routes in winning order
        </TextLink>
      </div>
      {routes.length === 0 ? (
        <p className="border-line border-t py-4 text-ink-2">No call in this range, and no route is configured.</p>
      ) : isPhone ? (
        <ul>
          {routes.map((row) => (
            <RouteCard key={row.route} service={service} row={row} />
          ))}
        </ul>
      ) : (
        <table className="grid-table">
          <thead>
            <tr>
              <th scope="col">
                Status <span className="font-normal text-ink-3">15{NBSP}min</span>
              </th>
              <th scope="col">Route</th>
              <th scope="col" className="number">
                Success %
              </th>
              <th scope="col" className="number">
                Failed
              </th>
              <th scope="col" className="number">
                Volume rps
              </th>
              <th scope="col" className="number">
                p50 ms
              </th>
              <th scope="col" className="number">
                p95 ms
              </th>
              <th scope="col" className="number">
                p99 ms
              </th>
              <th scope="col" className="max-lg:hidden md:pl-4">
                Split %
              </th>
              <th scope="col" className="max-xl:hidden">
                Retry
              </th>
              <th scope="col" className="number max-xl:hidden">
                Timeout
              </th>
            </tr>
          </thead>
          <RowsInSight rows={routes} of={`${service} ${objective.successRate}`} range={range} shapeOf={shapeOfRoute}>
            {(row) => <RouteRow key={row.route} service={service} row={row} objective={objective.successRate} />}
          </RowsInSight>
        </table>
      )}
    </section>
  )
}

/** `catalog-v1` on catalog's own page is v1. */
const shortName = (backend: string, service: string) =>
  backend.startsWith(`${service}-`) ? backend.slice(service.length + 1) : backend

interface NameProps {
  service: string
  route: string
  match: string | null
}

/** The whole row leads to the route's page. Apart from the numbers, which move with each tick. */
const RouteName = memo(function RouteName({ service, route, match }: Readonly<NameProps>) {
  return (
    <Link href={addresses.route(service, route)} className="row-link hover:underline">
      {match !== null ? (
        <MatchText match={match} />
      ) : (
        <span className="text-ink-2">{route === 'default' ? 'everything else' : route}</span>
      )}
    </Link>
  )
})

interface RowProps {
  service: string
  row: ServiceRouteRow
}

const RouteCard = memo(function RouteCard({ service, row }: Readonly<RowProps>) {
  return (
    <li className="relative border-line border-b py-2.5 text-14 [&_a.row-link]:after:absolute [&_a.row-link]:after:inset-0">
      <span className="flex justify-between gap-3">
        <RouteName service={service} route={row.route} match={row.match} />
        <Status state={row.health.state} />
      </span>
      <span className="mt-1 flex gap-6">
        <Measure value={{ text: formatSuccess(row.successRate), unit: row.successRate === null ? '' : '%' }} />
        <Measure value={formatRate(row.requestsPerSecond)} />
        <span>
          <span className="text-ink-3">p99 </span>
          <Measure value={formatLatency(row.latencyMs.p99)} />
        </span>
      </span>
    </li>
  )
})

const RouteSplit = memo(function RouteSplit({
  service,
  split,
}: Readonly<Pick<ServiceRouteRow, 'split'> & { service: string }>) {
  if (split.length === 0) return <span className="text-ink-3">{DASH}</span>
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      <MiniThreads shares={split.map((part) => part.percent)} />
      <span>
        {split.map((part, i) => (
          <span key={part.backend}>
            {i > 0 && <span className="text-ink-3"> · </span>}
            <span className="text-ink-3">{shortName(part.backend, service)}</span> {part.percent}
          </span>
        ))}
      </span>
    </span>
  )
}, isSame)

type RouteRowProps = RowProps & { objective: number }

/** Drawn anew only when it would read otherwise. */
const RouteRow = memo(
  function RouteRow({ service, row, objective }: Readonly<RouteRowProps>) {
    const isBelow = row.successRate !== null && row.successRate < objective
    return (
      <tr className="link-row">
        <td className="w-[126px]">
          <Status state={row.health.state} />
        </td>
        <td>
          <RouteName service={service} route={row.route} match={row.match} />
        </td>
        <td className="number">
          <SuccessCell
            percent={row.successRate}
            requests={row.requests}
            tone={isBelow ? toneOf(row.health.state) : ''}
          />
        </td>
        <td className="number">
          <FailedCell failures={row.failures} requests={row.requests} />
        </td>
        <td className="number">
          <Aligned text={formatThreeFigures(row.requestsPerSecond)} />
        </td>
        {(['p50', 'p95', 'p99'] as const).map((quantile) => (
          <td key={quantile} className={`number ${quantile === 'p99' ? '' : 'text-ink-2'}`}>
            <Aligned text={formatThreeFigures(row.latencyMs[quantile])} />
          </td>
        ))}
        <td className="pl-4 max-lg:hidden">
          <RouteSplit service={service} split={row.split} />
        </td>
        <td className="text-ink-2 max-xl:hidden">{row.retryPolicy ?? DASH}</td>
        <td className="number text-ink-2 max-xl:hidden">
          {row.timeoutMs === null ? DASH : durationText(row.timeoutMs)}
        </td>
      </tr>
    )
  },
  (a, b) =>
    (a.row === b.row && a.objective === b.objective) ||
    isSame(shownRoute(a.row, a.objective), shownRoute(b.row, b.objective)),
)
