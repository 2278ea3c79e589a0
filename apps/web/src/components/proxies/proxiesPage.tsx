// Every proxy: connected since when, what it holds against what it should, how late it acknowledged, its certificate.
'use client'
import { useQuery } from '@tanstack/react-query'
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { useNow } from '@/components/frame/clock'
import { Button } from '@/components/ui/button'
import { FilterField } from '@/components/ui/filterField'
import { Segmented } from '@/components/ui/segmented'
import { PageSkeleton } from '@/components/ui/skeleton'
import { Empty, PanelError } from '@/components/ui/states'
import { formatCount, formatRevision, plural } from '@/data/numbers'
import { commonBuild, isKept, PROXY_FILTERS, PROXY_WORDS, type ProxyFilter, proxyWord } from '@/data/proxyState'
import { useTRPC } from '@/trpc/client'
import { ProxyPanels } from './panels'
import { ProxyCards, ProxyTable } from './proxyTable'

const parsers = {
  filter: parseAsString.withDefault(''),
  show: parseAsStringLiteral(PROXY_FILTERS).withDefault('all'),
}
const LABEL: Record<Exclude<ProxyFilter, 'build'>, string> = {
  all: 'All',
  refused: 'Refused',
  away: 'Not connected',
  unready: 'Not ready',
  behind: 'Behind',
  certificate: 'Certificate late',
}

/** Certificates are told in minutes and hours. */
const CLOCK_MS = 10_000

export function ProxiesPage() {
  const trpc = useTRPC()
  const now = useNow(CLOCK_MS)
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
  const at = { now: now ?? 0, build: commonBuild(proxies) }
  const well = proxies.filter((proxy) => proxyWord(proxy) === 'Current').length
  const words = view.filter.toLowerCase().split(/\s+/).filter(Boolean)
  const rank = (proxy: (typeof proxies)[number]) => PROXY_WORDS.indexOf(proxyWord(proxy))
  // The list comes sorted by instance, and sorting is stable.
  const kept = proxies
    .filter((proxy) => words.every((word) => `${proxy.instance} ${proxy.service} ${proxy.version}`.includes(word)))
    .filter((proxy) => isKept(proxy, view.show, at))
    .toSorted((a, b) => rank(a) - rank(b))
  const segments = PROXY_FILTERS.map((value) => ({
    value,
    label: value === 'build' ? `Build not ${at.build ?? 'known'}` : LABEL[value],
    count: proxies.filter((proxy) => isKept(proxy, value, at)).length,
  })).filter(({ value, count }) => value === 'all' || count > 0 || value === view.show)
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-1 border-line border-b pb-3.5">
        <h1 className="font-semibold text-20">
          {!live
            ? `${plural(proxies.length, 'proxy', 'proxies')}, as last known`
            : proxies.length === 0
              ? 'No proxy yet'
              : well === proxies.length
                ? `All ${formatCount(proxies.length)} proxies hold what they should`
                : `${formatCount(well)} of ${plural(proxies.length, 'proxy', 'proxies')} hold${well === 1 ? 's' : ''} what they should`}
        </h1>
        <span className="ml-auto text-ink-2 max-md:ml-0">
          newest revision <span className="font-semibold text-ink">{formatRevision(configVersion)}</span>
        </span>
      </div>
      {list.isError && <PanelError what="Newer states" error={list.error} onRetry={() => void list.refetch()} />}
      {!live && reason !== null && <p className="mb-4 text-ink-2">{reason}</p>}
      {proxies.length === 0 ? (
        <Empty title="No proxy has joined yet">
          A proxy starts beside every service:{' '}
          <code className="font-mono text-12">npx heddle run --service NAME --app-port PORT -- CMD</code>
        </Empty>
      ) : (
        <>
          <ProxyPanels proxies={proxies} now={now} />
          <div className="mb-1.5 flex flex-wrap items-center gap-2">
            <FilterField
              label="Instance, service or version"
              value={view.filter}
              onChange={(filter) => void setView({ filter: filter === '' ? null : filter })}
            />
            {segments.length > 1 && (
              <div className="max-w-full overflow-x-auto">
                <Segmented
                  label="Show"
                  value={view.show}
                  segments={segments}
                  onChange={(show) => void setView({ show: show === 'all' ? null : show })}
                />
              </div>
            )}
          </div>
          {kept.length === 0 ? (
            <Empty
              title="No proxy matches"
              actions={<Button onClick={() => void setView({ filter: null, show: null })}>Clear the filter</Button>}
            >
              All {formatCount(proxies.length)} are still there.
            </Empty>
          ) : (
            <>
              <ProxyTable proxies={kept} now={now} />
              <ProxyCards proxies={kept} />
            </>
          )}
        </>
      )}
    </>
  )
}
