// The services as cards on the phone: the same numbers in the same order, parted from the next by a hairline.
'use client'
import { memo } from 'react'
import { VolumeSpark } from '@/components/charts/sparkline'
import { Link } from '@/components/frame/link'
import { Button } from '@/components/ui/button'
import { Measure } from '@/components/ui/numbers'
import { Status, toneOf } from '@/components/ui/status'
import { Joined } from '@/components/ui/youth'
import { isSame } from '@/data/isSame'
import type { ListWindow } from '@/data/listWindow'
import { formatCount, formatLatency, formatRate, formatSuccess, rateUnit } from '@/data/numbers'
import { routes } from '@/lib/routes'
import type { ServiceRow, ServicesListOutput } from '@/server/schemas/services'
import { LastCall } from './serviceRow'

interface Props {
  list: Pick<ServicesListOutput, 'kept' | 'rows'>
  onWindow: (rows: ListWindow) => void
}

/** As many as are worth scrolling through; the others come upon a press. */
export function ServiceCards({ list: { kept, rows }, onWindow }: Readonly<Props>) {
  return (
    <>
      <ul>
        {rows.map((row) => (
          <ServiceCard key={row.service} row={row} />
        ))}
      </ul>
      {rows.length < kept && (
        <Button className="mt-3" onClick={() => onWindow({ from: 0, count: kept })}>
          Show the other {formatCount(kept - rows.length)}
        </Button>
      )}
    </>
  )
}

const ServiceCard = memo(function ServiceCard({ row }: Readonly<{ row: ServiceRow }>) {
  return (
    <li className="border-line border-b">
      <Link href={routes.service(row.service)} className="block py-2.5 text-14">
        <span className="flex items-center justify-between">
          <span>
            <span className="font-semibold">{row.service}</span> <span className="text-13 text-ink-3">{row.owner}</span>
            {row.joinedAt !== null && (
              <span className="ml-2 text-12 text-ink-2">
                <Joined at={row.joinedAt} />
              </span>
            )}
          </span>
          <Status state={row.health.state} isAbsent={row.instances.all === 0} />
        </span>
        {row.health.reason !== null && row.health.state !== 'idle' && (
          <span className={`block text-13 ${toneOf(row.health.state)}`}>{row.health.reason}</span>
        )}
        {row.requests === 0 ? (
          row.lastTrafficAt !== null && (
            <span className="text-13">
              <LastCall at={row.lastTrafficAt} protocol={row.protocol} />
            </span>
          )
        ) : (
          <span className="mt-1.5 grid grid-cols-[1fr_1fr_1fr_100px] items-end gap-2">
            <Labelled label="Success" value={{ text: formatSuccess(row.successRate), unit: '%' }} />
            <Labelled label="Volume" value={formatRate(row.requestsPerSecond, rateUnit(row.protocol))} />
            <Labelled label="p99" value={formatLatency(row.latencyMs.p99)} />
            <VolumeSpark spark={row.spark} className="w-full" />
          </span>
        )}
      </Link>
    </li>
  )
}, isSame)

function Labelled({ label, value }: Readonly<{ label: string; value: { text: string; unit: string } }>) {
  return (
    <span className="block">
      <span className="block text-12 text-ink-2">{label}</span>
      <Measure value={value} />
    </span>
  )
}
