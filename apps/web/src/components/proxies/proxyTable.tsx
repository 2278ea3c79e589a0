// The proxies as rows, of which only those in sight are drawn; and as cards on the phone.
'use client'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useLayoutEffect, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { StatusMark } from '@/components/ui/status'
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
  const table = useRef<HTMLTableElement>(null)
  const [scrollMargin, setScrollMargin] = useState(0)
  // Measured after each drawing: what stands above the table comes and goes.
  useLayoutEffect(() => {
    const top = table.current === null ? 0 : table.current.getBoundingClientRect().top + window.scrollY
    setScrollMargin((known) => (Math.abs(known - top) < 1 ? known : top))
  })
  const rows = useWindowVirtualizer({
    count: proxies.length,
    estimateSize: () => ROW_PX,
    overscan: 20,
    scrollMargin,
    getItemKey: (index) => proxies[index]?.instance ?? index,
  })
  const shown = rows.getVirtualItems()
  const above = Math.max(0, (shown[0]?.start ?? scrollMargin) - scrollMargin)
  const below = Math.max(0, rows.getTotalSize() - ((shown.at(-1)?.end ?? scrollMargin) - scrollMargin))
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
      {above > 0 && <Gap height={above} />}
      {shown.map((item) => {
        const proxy = proxies[item.index]
        return proxy === undefined ? null : (
          <tbody key={item.key} ref={rows.measureElement} data-index={item.index}>
            <ProxyRow proxy={proxy} now={now} index={item.index} />
          </tbody>
        )
      })}
      {below > 0 && <Gap height={below} />}
    </table>
  )
}

/** In the place of the rows that are not in sight. */
function Gap({ height }: Readonly<{ height: number }>) {
  return (
    <tbody aria-hidden>
      <tr>
        <td colSpan={COLUMNS} style={{ height, padding: 0, border: 0 }} />
      </tr>
    </tbody>
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
