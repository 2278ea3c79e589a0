// Changes: who did what when, by day; one opens in place with its diff and what reverting it would do now.
'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { parseAsInteger, parseAsString, useQueryStates } from 'nuqs'
import { useState } from 'react'
import { useNow } from '@/components/frame/liveProvider'
import { Button } from '@/components/ui/button'
import { FilterField } from '@/components/ui/filterField'
import { PageSkeleton } from '@/components/ui/skeleton'
import { Empty, PanelError } from '@/components/ui/states'
import { byDay, matchesChange } from '@/data/changeList'
import { formatCount } from '@/data/numbers'
import { dayHeading } from '@/data/timeRange'
import { useTRPC } from '@/trpc/client'
import { ChangeEntry, ChangeHeads } from './changeEntry'

const PAGE = 50
/** What one call of the API gives at most. */
const MOST = 500
const parsers = {
  open: parseAsInteger,
  filter: parseAsString.withDefault(''),
}

export function ChangesPage({ service }: Readonly<{ service?: string }>) {
  const trpc = useTRPC()
  const now = useNow()
  const [view, setView] = useQueryStates(parsers)
  const [limit, setLimit] = useState(PAGE)
  const list = useQuery(
    trpc.changes.list.queryOptions(
      { limit, ...(service !== undefined && { service }) },
      { placeholderData: keepPreviousData },
    ),
  )
  const Title = service === undefined ? 'h1' : 'h2'
  if (list.data === undefined)
    return (
      <>
        <Title className={list.isError ? 'mb-4 font-semibold text-20' : 'sr-only'}>Changes</Title>
        {list.isError ? (
          <PanelError what="The changes" error={list.error} onRetry={() => void list.refetch()} />
        ) : (
          <PageSkeleton />
        )}
      </>
    )
  const all = list.data.changes
  const kept = all.filter((change) => matchesChange(change, view.filter))
  const [newest] = all
  return (
    <>
      {service === undefined && (
        <h1 className="mb-3.5 border-line border-b pb-3.5 font-semibold text-20">
          {newest === undefined ? 'Nothing has been changed yet' : `Last change by ${newest.actor}: ${newest.summary}`}
        </h1>
      )}
      {service !== undefined && <h2 className="sr-only">Changes</h2>}
      {list.isError && <PanelError what="Newer changes" error={list.error} onRetry={() => void list.refetch()} />}
      {all.length > 0 && (
        <div className="mb-2">
          <FilterField
            label="Filter by words or who:"
            value={view.filter}
            onChange={(filter) => void setView({ filter: filter === '' ? null : filter })}
          />
        </div>
      )}
      {all.length === 0 && (
        <Empty title={service === undefined ? 'No change yet' : `${service} has not been changed`}>
          Every change of routes, rules and settings is listed here, with who made it and a way back.
        </Empty>
      )}
      {all.length > 0 && kept.length === 0 && (
        <Empty
          title="No change matches"
          actions={<Button onClick={() => void setView({ filter: null })}>Clear the filter</Button>}
        >
          {formatCount(all.length)} changes are loaded.
        </Empty>
      )}
      {kept.length > 0 && <ChangeHeads />}
      {byDay(kept).map((day) => (
        <section key={day.day} aria-label={now === null ? undefined : dayHeading(day.day, now)}>
          <h2 className="pt-3 pb-1 font-semibold">{now === null ? ' ' : dayHeading(day.day, now)}</h2>
          <ol className="relative before:absolute before:inset-y-0 before:left-[5.5px] before:w-px before:bg-line-strong">
            {day.changes.map((change) => (
              <ChangeEntry
                key={change.revision}
                change={change}
                isOpen={view.open === change.revision}
                onToggle={() => void setView({ open: view.open === change.revision ? null : change.revision })}
              />
            ))}
          </ol>
        </section>
      ))}
      {all.length >= limit && limit < MOST && (
        <Button className="mt-4" disabled={list.isFetching} onClick={() => setLimit(Math.min(MOST, limit * 2))}>
          Show older changes
        </Button>
      )}
    </>
  )
}
