// The proxies as rows, of which only those in sight are asked for and drawn; and as cards on the phone.
'use client'
import { Button } from '@/components/ui/button'
import { ComingRow } from '@/components/ui/comingRow'
import { Gap } from '@/components/ui/gap'
import { StatusMark } from '@/components/ui/status'
import { useAskedFor } from '@/components/ui/useListWindow'
import { useRowsInView } from '@/components/ui/useRowsInView'
import type { ListWindow } from '@/data/listWindow'
import { DASH, formatCount, formatRevision, NBSP } from '@/data/numbers'
import { proxyWord } from '@/data/proxyState'
import type { ProxiesListOutput } from '@/server/schemas/proxies'
import { ProxyReason, ProxyRow, SHAPE } from './proxyRow'

interface Props {
  list: Pick<ProxiesListOutput, 'kept' | 'from' | 'proxies'>
  onWindow: (rows: ListWindow) => void
}

const ROW_PX = 35
const COLUMNS = 9

export function ProxyTable({ list: { kept, from, proxies }, onWindow }: Readonly<Props>) {
  const { table, shown, above, below, measure } = useRowsInView({ count: kept, rowPx: ROW_PX })
  useAskedFor(shown, measure !== undefined, onWindow)
  return (
    <table ref={table} className="grid-table" aria-rowcount={kept + 1}>
      <thead>
        <tr>
          <th scope="col">Status</th>
          <th scope="col">Instance</th>
          <th scope="col" className="max-xl:hidden">
            Service, version
          </th>
          <th scope="col" className="max-lg:hidden">
            Connected since
          </th>
          <th scope="col" className="number">
            Holds
          </th>
          <th scope="col" className="number">
            Wanted
          </th>
          <th scope="col" className="number">
            Last ack<span className="font-normal text-ink-3"> ms</span>
          </th>
          <th scope="col" className="number">
            Certificate left
          </th>
          <th scope="col" className="number max-xl:hidden">
            Build
          </th>
        </tr>
      </thead>
      <Gap height={above} columns={COLUMNS} />
      {shown.map((index) => {
        const proxy = proxies[index - from]
        return proxy === undefined ? (
          <tbody key={index}>
            <ComingRow index={index} columns={COLUMNS} height={ROW_PX} />
          </tbody>
        ) : (
          <ProxyRow key={proxy.instance} proxy={proxy} index={index} measure={measure} />
        )
      })}
      <Gap height={below} columns={COLUMNS} />
    </table>
  )
}

/** As many as are worth scrolling through; the others come upon a press. */
export function ProxyCards({ list: { kept, proxies }, onWindow }: Readonly<Props>) {
  return (
    <>
      <ul>
        {proxies.map((proxy) => (
          <li key={proxy.instance} className="border-line border-b py-2.5 text-14">
            <span className="flex items-center justify-between gap-3">
              <span className="truncate font-mono text-13">{proxy.instance}</span>
              <span className="inline-flex items-center gap-2 whitespace-nowrap">
                <StatusMark state={SHAPE[proxyWord(proxy)]} />
                {proxyWord(proxy)}
              </span>
            </span>
            <span className="text-13 text-ink-2">
              holds {proxy.revision === null ? DASH : formatRevision(proxy.revision)}
              {proxy.wantedRevision !== null && ` of ${formatRevision(proxy.wantedRevision)}`}
              {proxy.ackDelayMs !== null && `, last ack in ${formatCount(Math.round(proxy.ackDelayMs))}${NBSP}ms`}
            </span>
            <ProxyReason proxy={proxy} className="block text-13" />
          </li>
        ))}
      </ul>
      {proxies.length < kept && (
        <Button className="mt-3" onClick={() => onWindow({ from: 0, count: kept })}>
          Show the other {formatCount(kept - proxies.length)}
        </Button>
      )}
    </>
  )
}
