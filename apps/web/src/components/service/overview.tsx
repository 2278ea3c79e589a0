// A service at a glance: its three charts, who calls it and whom it calls, its versions, its routes worst first.
'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { LateCharts } from '@/components/charts/lateCharts'
import { LATENCY_VIEWS } from '@/components/charts/latencyToggle'
import { WayOut } from '@/components/charts/zoomOut'
import { useNow } from '@/components/frame/clock'
import { useRange } from '@/components/frame/useRange'
import { useZone } from '@/components/frame/useZone'
import { PageSkeleton } from '@/components/ui/skeleton'
import { Empty, PanelError } from '@/components/ui/states'
import { lengthText, momentText, stretchText } from '@/data/timeRange'
import type { ServicesGetOutput } from '@/server/schemas/services'
import { useTRPC } from '@/trpc/client'
import { Neighbours } from './neighbours'
import { OpaqueRouting } from './opaqueRouting'
import { RoutesTable } from './routesTable'
import { useService } from './useService'

export function Overview({ service }: Readonly<{ service: string }>) {
  const query = useService(service)
  if (query.data === undefined)
    return query.isError ? (
      <PanelError what="This service" error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <PageSkeleton />
    )
  const data = query.data
  return (
    <>
      {query.isError && <PanelError what="Newer numbers" error={query.error} onRetry={() => void query.refetch()} />}
      {data.golden.requests === 0 ? <Silent data={data} /> : <Charts data={data} />}
      <Neighbours data={data} />
      {data.protocol === 'tcp' ? (
        <OpaqueRouting data={data} />
      ) : (
        <RoutesTable service={service} routes={data.routes} objective={data.objective} range={data.range} />
      )}
    </>
  )
}

const latencyParser = parseAsStringLiteral(LATENCY_VIEWS).withDefault('percentiles')

/** The heatmap is read only where it is looked at. */
function Charts({ data }: Readonly<{ data: ServicesGetOutput }>) {
  const trpc = useTRPC()
  const { input } = useRange()
  const [latency, setLatency] = useQueryState('latency', latencyParser)
  const { service } = data
  const cells = useQuery(
    trpc.charts.heatmap.queryOptions(
      { service, range: input },
      { enabled: latency === 'heatmap', placeholderData: keepPreviousData },
    ),
  )
  return (
    <>
      <LateCharts
        {...data}
        chart={{ service }}
        latency={{ view: latency, onChange: (view) => void setLatency(view) }}
        heatmap={cells.data?.heatmap}
      />
      {latency === 'heatmap' && cells.isError && (
        <PanelError what="The heatmap" error={cells.error} onRetry={() => void cells.refetch()} />
      )}
    </>
  )
}

function Silent({ data }: Readonly<{ data: ServicesGetOutput }>) {
  const now = useNow()
  const [zone] = useZone()
  const { frozen } = useRange()
  const { from, to } = data.range
  const last = data.lastTrafficAt
  return (
    <Empty
      title={`${data.service} had no traffic in ${frozen === null ? `the last ${lengthText(to - from)}` : stretchText(from, to, zone)}`}
      actions={<WayOut />}
    >
      {last === null || now === null
        ? data.protocol === 'tcp'
          ? 'No connection has reached it yet. '
          : 'No request has reached it yet. '
        : `Its last ${data.protocol === 'tcp' ? 'connection' : 'request'} was at ${momentText(last, now, zone)}, ${lengthText(now - last)} ago. `}
      {data.instanceCount.all === 0
        ? 'No instance of it runs.'
        : `${data.instanceCount.ready} of ${data.instanceCount.all} instances ready${data.instanceCount.ready > 0 ? ', so nothing is broken here.' : '.'}`}
    </Empty>
  )
}
