// Every proxy: connected since when, what it holds against what it should, how late it acknowledged, its certificate.
'use client'
import { useQuery } from '@tanstack/react-query'
import { parseAsString, useQueryStates } from 'nuqs'
import { useNow } from '@/components/frame/liveProvider'
import { FilterField } from '@/components/ui/filterField'
import { PageSkeleton } from '@/components/ui/skeleton'
import { Empty, PanelError } from '@/components/ui/states'
import { StatusMark, type StatusShape } from '@/components/ui/status'
import { DASH, formatCount, formatRevision, NBSP, plural } from '@/data/numbers'
import { lengthText, momentText } from '@/data/timeRange'
import type { ProxiesListOutput } from '@/server/schemas/session'
import { useTRPC } from '@/trpc/client'

type Proxy = ProxiesListOutput['proxies'][number]
const parsers = { filter: parseAsString.withDefault('') }

/** Worst first. */
const ORDER = ['Refused', 'Not connected', 'Not ready', 'Behind', 'Current', 'Not known'] as const
type Word = (typeof ORDER)[number]

function stateOf(proxy: Proxy): { word: Word; shape: StatusShape } {
  if (proxy.nack !== null) return { word: 'Refused', shape: 'failing' }
  if (proxy.connected === false) return { word: 'Not connected', shape: 'unknown' }
  if (!proxy.ready && proxy.inbound !== null) return { word: 'Not ready', shape: 'degraded' }
  if (proxy.connected === null) return { word: 'Not known', shape: 'unknown' }
  if (proxy.revision !== null && proxy.wantedRevision !== null && proxy.revision < proxy.wantedRevision)
    return { word: 'Behind', shape: 'degraded' }
  return { word: 'Current', shape: 'healthy' }
}

export function ProxiesPage() {
  const trpc = useTRPC()
  const [view, setView] = useQueryStates(parsers)
  const list = useQuery(trpc.proxies.list.queryOptions())
  if (list.data === undefined)
    return (
      <>
        <h1 className={list.isError ? 'mb-4 font-semibold text-20' : 'sr-only'}>Proxies</h1>
        {list.isError ? (
          <PanelError what="The proxies" error={list.error} onRetry={() => void list.refetch()} />
        ) : (
          <PageSkeleton />
        )}
      </>
    )
  const { proxies, live, reason, configVersion } = list.data
  const states = proxies.map((proxy) => ({ proxy, ...stateOf(proxy) }))
  const well = states.filter((state) => state.word === 'Current').length
  const kept = states
    .filter(({ proxy }) => `${proxy.instance} ${proxy.service}`.includes(view.filter.toLowerCase()))
    .sort((a, b) => ORDER.indexOf(a.word) - ORDER.indexOf(b.word) || a.proxy.instance.localeCompare(b.proxy.instance))
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-1 border-line border-b pb-3.5">
        <h1 className="font-semibold text-20">
          {!live
            ? `${plural(proxies.length, 'proxy', 'proxies')}, as last known`
            : well === proxies.length
              ? `All ${formatCount(proxies.length)} proxies hold what they should`
              : `${well} of ${plural(proxies.length, 'proxy', 'proxies')} hold${well === 1 ? 's' : ''} what they should`}
        </h1>
        <span className="ml-auto text-ink-2 max-md:ml-0">
          newest revision <span className="font-semibold text-ink">{formatRevision(configVersion)}</span>
        </span>
      </div>
      {!live && reason !== null && <p className="mb-4 text-ink-2">{reason}</p>}
      {proxies.length === 0 ? (
        <Empty title="No proxy has joined yet">
          A proxy starts beside every service:{' '}
          <code className="font-mono text-12">heddle run --service NAME -- CMD</code>
        </Empty>
      ) : (
        <>
          <div className="mb-1.5">
            <FilterField
              label="Filter by instance or service"
              value={view.filter}
              onChange={(filter) => void setView({ filter: filter === '' ? null : filter })}
            />
          </div>
          <table className="grid-table max-md:hidden">
            <thead>
              <tr>
                <th scope="col">Status</th>
                <th scope="col">Instance</th>
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
                  Last ack ms
                </th>
                <th scope="col" className="number">
                  Certificate left
                </th>
                <th scope="col" className="number max-xl:hidden">
                  Build
                </th>
              </tr>
            </thead>
            <tbody>
              {kept.map((state) => (
                <ProxyRow key={state.proxy.instance} {...state} />
              ))}
            </tbody>
          </table>
          <ul className="md:hidden">
            {kept.map(({ proxy, word, shape }) => (
              <li key={proxy.instance} className="border-line border-b py-2.5 text-14">
                <span className="flex items-center justify-between gap-3">
                  <span className="truncate font-mono text-13">{proxy.instance}</span>
                  <span className="inline-flex items-center gap-2 whitespace-nowrap">
                    <StatusMark state={shape} />
                    {word}
                  </span>
                </span>
                <span className="text-13 text-ink-2">
                  holds {proxy.revision === null ? DASH : formatRevision(proxy.revision)}
                  {proxy.ackDelayMs !== null && `, last ack in ${Math.round(proxy.ackDelayMs)}${NBSP}ms`}
                </span>
                {proxy.nack !== null && <span className="block text-13 text-fail-text">{proxy.nack.reason}</span>}
              </li>
            ))}
          </ul>
          {kept.length === 0 && <Empty title="No proxy matches">All {proxies.length} are still there.</Empty>}
        </>
      )}
    </>
  )
}

function ProxyRow({ proxy, word, shape }: Readonly<{ proxy: Proxy; word: Word; shape: StatusShape }>) {
  const now = useNow()
  const isBehind = word === 'Behind' || word === 'Refused'
  const tone =
    shape === 'failing'
      ? 'font-medium text-fail-text'
      : shape === 'degraded'
        ? 'font-medium text-warn-text'
        : 'text-ink-2'
  return (
    <>
      <tr>
        <td>
          <span className={`inline-flex items-center gap-2 whitespace-nowrap ${tone}`}>
            <StatusMark state={shape} />
            {word}
          </span>
        </td>
        <td className="font-mono text-12">{proxy.instance}</td>
        <td className="text-ink-2 max-lg:hidden">
          {proxy.connectedSince === null || now === null ? DASH : momentText(proxy.connectedSince, now)}
        </td>
        <td className={`number ${isBehind ? tone : ''}`}>
          {proxy.revision === null ? DASH : formatRevision(proxy.revision)}
        </td>
        <td className="number text-ink-2">
          {proxy.wantedRevision === null ? DASH : formatRevision(proxy.wantedRevision)}
        </td>
        <td className="number">{proxy.ackDelayMs === null ? DASH : formatCount(Math.round(proxy.ackDelayMs))}</td>
        <td className="number">
          {proxy.certificateExpiresAt === null || now === null ? DASH : lengthText(proxy.certificateExpiresAt - now)}
        </td>
        <td className="number text-ink-2 max-xl:hidden">{proxy.build ?? DASH}</td>
      </tr>
      {(proxy.nack !== null || (!proxy.ready && proxy.readyReason !== null)) && (
        <tr>
          <td />
          <td colSpan={7}>
            {proxy.nack !== null
              ? `Refused ${formatRevision(proxy.nack.revision)} whole and keeps what it holds: ${proxy.nack.reason}`
              : `Not ready: ${proxy.readyReason}`}
          </td>
        </tr>
      )}
    </>
  )
}
