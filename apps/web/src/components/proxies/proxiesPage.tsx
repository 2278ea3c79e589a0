// Every proxy: connected since when, what it holds against what it should, how late it acknowledged, its certificate.
'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { useIsPhone } from '@/components/frame/useIsPhone'
import { Button } from '@/components/ui/button'
import { FilterField } from '@/components/ui/filterField'
import { Segmented } from '@/components/ui/segmented'
import { PageSkeleton } from '@/components/ui/skeleton'
import { Empty, PanelError } from '@/components/ui/states'
import { LEFT_KEPT_MS, useListWindow } from '@/components/ui/useListWindow'
import { formatCount, formatRevision, plural } from '@/data/numbers'
import { PROXY_FILTERS, type ProxyFilter } from '@/data/proxyState'
import type { ProxiesListOutput } from '@/server/schemas/proxies'
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

export function ProxiesPage() {
  const trpc = useTRPC()
  const [view, setView] = useQueryStates(parsers)
  const isPhone = useIsPhone()
  const [rows, onWindow] = useListWindow()
  const list = useQuery(
    trpc.proxies.list.queryOptions({ ...view, ...rows }, { placeholderData: keepPreviousData, gcTime: LEFT_KEPT_MS }),
  )
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
  const List = isPhone ? ProxyCards : ProxyTable
  const { counts, kept, live, reason, configVersion } = list.data
  const segments = PROXY_FILTERS.map((value) => ({
    value,
    label: value === 'build' ? `Build not ${list.data.build ?? 'known'}` : LABEL[value],
    count: counts[value],
  })).filter(({ value, count }) => value === 'all' || count > 0 || value === view.show)
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-1 border-line border-b pb-3.5">
        <h1 className="font-semibold text-20">
          {!live ? `${plural(counts.all, 'proxy', 'proxies')}, as last known` : titleOf(counts)}
        </h1>
        <span className="ml-auto text-ink-2 max-md:ml-0">
          newest revision <span className="font-semibold text-ink">{formatRevision(configVersion)}</span>
        </span>
      </div>
      {list.isError && <PanelError what="Newer states" error={list.error} onRetry={() => void list.refetch()} />}
      {!live && reason !== null && <p className="mb-4 text-ink-2">{reason}</p>}
      {counts.all === 0 ? (
        <Empty title="No proxy has joined yet">
          A proxy starts beside every service:{' '}
          <code className="font-mono text-12">npx heddle run --service NAME --app-port PORT -- CMD</code>
        </Empty>
      ) : (
        <>
          <ProxyPanels {...list.data} />
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
          {kept === 0 ? (
            <Empty
              title="No proxy matches"
              actions={<Button onClick={() => void setView({ filter: null, show: null })}>Clear the filter</Button>}
            >
              All {formatCount(counts.all)} are still there.
            </Empty>
          ) : (
            <List list={list.data} onWindow={onWindow} />
          )}
        </>
      )}
    </>
  )
}

function titleOf({ all, current }: ProxiesListOutput['counts']): string {
  if (all === 0) return 'No proxy yet'
  if (current === all) return `All ${formatCount(all)} proxies hold what they should`
  return `${formatCount(current)} of ${plural(all, 'proxy', 'proxies')} hold${current === 1 ? 's' : ''} what they should`
}
