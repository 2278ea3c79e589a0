// The proxies as rows, of which only those in sight are drawn; and as cards on the phone.
'use client'
import { useCallback, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Gap } from '@/components/ui/gap'
import { StatusMark } from '@/components/ui/status'
import { useRowsInView } from '@/components/ui/useRowsInView'
import { DASH, formatCount, formatRevision, NBSP } from '@/data/numbers'
import { type ListedProxy, proxyWord } from '@/data/proxyState'
import { ProxyReason, ProxyRow, SHAPE } from './proxyRow'

interface Props {
  proxies: readonly ListedProxy[]
  now: number | null
}

const ROW_PX = 35
const COLUMNS = 9
const CARDS = 100

export function ProxyTable({ proxies, now }: Readonly<Props>) {
  const { table, shown, above, below, measure } = useRowsInView({
    count: proxies.length,
    rowPx: ROW_PX,
    keyOf: useCallback((index) => proxies[index]?.instance ?? '', [proxies]),
  })
  return (
    <table ref={table} className="grid-table max-md:hidden" aria-rowcount={proxies.length + 1}>
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
        const proxy = proxies[index]
        return proxy === undefined ? null : (
          <tbody key={proxy.instance} ref={measure} data-index={index}>
            <ProxyRow proxy={proxy} now={now} index={index} />
          </tbody>
        )
      })}
      <Gap height={below} columns={COLUMNS} />
    </table>
  )
}

export function ProxyCards({ proxies }: Readonly<Pick<Props, 'proxies'>>) {
  const [isAll, setAll] = useState(false)
  const shown = isAll ? proxies : proxies.slice(0, CARDS)
  return (
    <div className="md:hidden">
      <ul>
        {shown.map((proxy) => (
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
      {shown.length < proxies.length && (
        <Button className="mt-3" onClick={() => setAll(true)}>
          Show the other {formatCount(proxies.length - shown.length)}
        </Button>
      )}
    </div>
  )
}
