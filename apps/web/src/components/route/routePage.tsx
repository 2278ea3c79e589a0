// One route: how it does over time, each call by its latency, which version it is, how retries ended, who may call it.
'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { LateCharts } from '@/components/charts/lateCharts'
import { WayOut } from '@/components/charts/zoomOut'
import { useRange } from '@/components/frame/useRange'
import { useZone } from '@/components/frame/useZone'
import { InSight } from '@/components/ui/inSight'
import { PageSkeleton } from '@/components/ui/skeleton'
import { Empty, PanelError } from '@/components/ui/states'
import { lengthText, stretchText } from '@/data/timeRange'
import type { RouteGetOutput } from '@/server/schemas/route'
import { useTRPC } from '@/trpc/client'
import { AccessRules } from './accessRules'
import { AsCommand } from './asCommand'
import { ByVersion } from './byVersion'
import { Fates } from './fates'
import { RouteHeader } from './routeHeader'

interface Props {
  service: string
  route: string
}

export function RoutePage({ service, route }: Readonly<Props>) {
  const trpc = useTRPC()
  const { input } = useRange()
  const query = useQuery(
    trpc.route.get.queryOptions({ service, route, range: input }, { placeholderData: keepPreviousData }),
  )
  const { data } = query
  if (data === undefined || data.route !== route || data.service !== service)
    return (
      <>
        <h1 className={query.isError ? 'mb-4 font-semibold text-20' : 'sr-only'}>
          {route} of {service}
        </h1>
        {query.isError ? (
          <PanelError what="This route" error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <PageSkeleton />
        )}
      </>
    )
  return (
    <>
      <RouteHeader data={data} />
      {query.isError && <PanelError what="Newer numbers" error={query.error} onRetry={() => void query.refetch()} />}
      <div className="grid grid-cols-[minmax(0,1fr)_304px] gap-x-6 max-xl:grid-cols-1">
        <div className="min-w-0">
          {data.golden.requests === 0 ? (
            <Silent data={data} />
          ) : (
            <LateCharts {...data} chart={{ service, route }} latency={{ view: 'both' }} heatmap={data.heatmap} />
          )}
        </div>
        <div className="flex min-w-0 flex-col gap-7 border-line xl:border-l xl:pl-6 max-xl:mt-8">
          <ByVersion data={data} />
          <AccessRules service={service} rules={data.access} />
          <AsCommand data={data} />
        </div>
      </div>
      <InSight shape={shapeOf(data)} to={data.range.to}>
        <Fates data={data} />
      </InSight>
    </>
  )
}

/** What the fates say beside their numbers. */
const shapeOf = ({ service, route, range, side, fates }: RouteGetOutput): string =>
  JSON.stringify([
    service,
    route,
    range.to - range.from,
    side,
    fates.map((row) => [row.fate, row.meaning, row.calls > 0]),
  ])

function Silent({ data }: Readonly<{ data: RouteGetOutput }>) {
  const [zone] = useZone()
  const { frozen } = useRange()
  const span = lengthText(data.range.to - data.range.from)
  const isConfigured = data.matches.length > 0
  return (
    <Empty
      title={
        frozen === null
          ? `${data.route} had no traffic in the last ${span}`
          : `${data.route} had no traffic in ${stretchText(data.range.from, data.range.to, zone)}`
      }
      actions={<WayOut />}
    >
      {isConfigured
        ? 'The route is in force, so this is no fault of it: no request has matched it.'
        : data.route === 'default'
          ? 'No request came that no rule of a route took.'
          : 'No such rule is configured any more.'}{' '}
      {frozen === null && 'A longer time range may show earlier calls.'}
    </Empty>
  )
}
