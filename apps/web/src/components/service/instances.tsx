// The instances of a service: ready or why not, ejected by whom and until when, what configuration they hold.
'use client'
import { useNow } from '@/components/frame/clock'
import { useZone } from '@/components/frame/useZone'
import { TableSkeleton } from '@/components/ui/skeleton'
import { Empty, PanelError } from '@/components/ui/states'
import { StatusMark } from '@/components/ui/status'
import { DASH, formatRevision, plural } from '@/data/numbers'
import { clockSeconds, lengthText } from '@/data/timeRange'
import { zoneName } from '@/data/zone'
import type { ServicesGetOutput } from '@/server/schemas/services'
import { useService } from './useService'

export function Instances({ service }: Readonly<{ service: string }>) {
  const query = useService(service)
  if (query.data === undefined)
    return query.isError ? (
      <PanelError what="The instances" error={query.error} onRetry={() => void query.refetch()} />
    ) : (
      <TableSkeleton />
    )
  const { instances } = query.data
  if (instances.length === 0)
    return (
      <Empty title={`No instance of ${service} has joined`}>
        Start one with <code className="font-mono text-12">heddle run --service {service} --app-port 8080 -- CMD</code>
      </Empty>
    )
  return (
    <div>
      <table className="grid-table">
        <thead>
          <tr>
            <th scope="col">Status</th>
            <th scope="col">Instance</th>
            <th scope="col" className="max-md:hidden">
              Version
            </th>
            <th scope="col" className="max-md:hidden">
              Address
            </th>
            <th scope="col">Ejected</th>
            <th scope="col" className="number">
              Config acknowledged
            </th>
            <th scope="col" className="number max-md:hidden">
              Config wanted
            </th>
          </tr>
        </thead>
        <tbody>
          {instances.map((instance) => (
            <InstanceRow key={instance.instance} instance={instance} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function InstanceRow({ instance }: Readonly<{ instance: ServicesGetOutput['instances'][number] }>) {
  const now = useNow()
  const [zone] = useZone()
  const until = Math.max(0, ...instance.ejectedBy.map((ejection) => ejection.untilMs))
  const isBehind =
    instance.revision !== null && instance.wantedRevision !== null && instance.revision < instance.wantedRevision
  const state = instance.connected === false ? 'unknown' : instance.ready ? 'healthy' : 'degraded'
  const word = instance.connected === false ? 'Not connected' : instance.ready ? 'Ready' : 'Not ready'
  return (
    <tr>
      <td>
        <span
          className={`inline-flex items-center gap-2 ${state === 'degraded' ? 'font-medium text-warn-text' : 'text-ink-2'}`}
        >
          <StatusMark state={state} />
          {word}
          {!instance.ready && instance.readyReason !== null && (
            <span className="font-normal">: {instance.readyReason}</span>
          )}
        </span>
      </td>
      <td className="font-mono text-12 max-md:py-2.5">{instance.instance}</td>
      <td className="max-md:hidden">{instance.version}</td>
      <td className="font-mono text-12 max-md:hidden">
        {instance.address ?? <span className="text-ink-3">client only</span>}
      </td>
      <td>
        {instance.ejectedBy.length === 0 || now === null ? (
          <span className="text-ink-3">{DASH}</span>
        ) : (
          <span className="text-warn-text">
            by {plural(instance.ejectedBy.length, 'caller')} until {clockSeconds(until, zone)} {zoneName(until, zone)},
            in {lengthText(until - now)}
          </span>
        )}
      </td>
      <td className={`number ${isBehind ? 'font-medium text-warn-text' : ''}`}>
        {instance.revision === null ? DASH : formatRevision(instance.revision)}
      </td>
      <td className="number text-ink-2 max-md:hidden">
        {instance.wantedRevision === null ? DASH : formatRevision(instance.wantedRevision)}
      </td>
    </tr>
  )
}
