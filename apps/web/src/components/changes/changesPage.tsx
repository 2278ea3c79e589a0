// Changes: who did what when, by day; found by kind, person and words; one opens in place with its diff and its revert.
'use client'
import type { Change } from '@heddle/shared/api/index'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNow } from '@/components/frame/clock'
import { QUARTER_MS } from '@/components/frame/useMoment'
import { useZone } from '@/components/frame/useZone'
import { Button } from '@/components/ui/button'
import { PageSkeleton } from '@/components/ui/skeleton'
import { Empty, PanelError } from '@/components/ui/states'
import { byDay, folded, targetOf } from '@/data/changeList'
import { formatRevision } from '@/data/numbers'
import { dayHeading } from '@/data/timeRange'
import type { ChangeEffect } from '@/server/schemas/changeEffects'
import { useTRPC } from '@/trpc/client'
import { ChangeEntry, ChangeHeads } from './changeEntry'
import { ChangeFilters } from './changeFilters'
import { JoinTokensEntry } from './joinTokensEntry'
import { CHANGES_PAGE, useChangesView } from './useChangesView'

export function ChangesPage({ service }: Readonly<{ service?: string }>) {
  const trpc = useTRPC()
  const now = useNow(QUARTER_MS)
  const [zone] = useZone()
  const { view, setView, input, isFiltered, clear } = useChangesView(service)
  const list = useQuery(trpc.changes.list.queryOptions(input, { placeholderData: keepPreviousData }))
  const { effects, isAsked } = useEffects(list.data?.changes ?? [])
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
  const { changes } = list.data
  const oldest = changes.at(-1)
  const hasAny = changes.length > 0 || isFiltered || view.before !== null
  return (
    <>
      {service === undefined ? (
        <h1 className="mb-3.5 border-line border-b pb-3.5 font-semibold text-20 [overflow-wrap:anywhere]">
          {isFiltered || view.before !== null ? 'Changes' : <Headline changes={changes} effects={effects} />}
        </h1>
      ) : (
        <h2 className="sr-only">Changes</h2>
      )}
      {list.isError && <PanelError what="Newer changes" error={list.error} onRetry={() => void list.refetch()} />}
      {hasAny && <ChangeFilters view={view} setView={setView} isOfService={service !== undefined} />}
      {!hasAny && (
        <Empty title={service === undefined ? 'No change yet' : `${service} has not been changed`}>
          Every change of routes, rules and settings is listed here, with who made it and a way back.
        </Empty>
      )}
      {hasAny && changes.length === 0 && (
        <Empty
          title={isFiltered ? 'No change matches' : 'Nothing is older'}
          actions={<Button onClick={clear}>{isFiltered ? 'Clear the filter' : 'Back to the newest'}</Button>}
        >
          The whole history was searched.
        </Empty>
      )}
      {changes[0] !== undefined && <ChangeHeads at={changes[0].at} />}
      {byDay(changes, zone).map((day) => (
        <section key={day.at} aria-label={now === null ? undefined : dayHeading(day.at, now, zone)}>
          <h2 className="pt-3 pb-1 font-semibold">{now === null ? ' ' : dayHeading(day.at, now, zone)}</h2>
          <ol
            data-loading={isAsked || undefined}
            className="relative before:absolute before:inset-y-0 before:left-[5.5px] before:w-px before:bg-line-strong"
          >
            {folded(day.changes).map((entry) => {
              const toggle = (revision: number) => void setView({ open: view.open === revision ? null : revision })
              return entry.kind === 'change' ? (
                <ChangeEntry
                  key={entry.change.revision}
                  change={entry.change}
                  effect={effects.get(entry.change.revision)}
                  isAsked={isAsked && entry.change.items.length > 0}
                  isOpen={view.open === entry.change.revision}
                  onToggle={() => toggle(entry.change.revision)}
                />
              ) : (
                <JoinTokensEntry
                  key={entry.newest.revision}
                  changes={entry.changes}
                  isOpen={view.open === entry.newest.revision}
                  onToggle={() => toggle(entry.newest.revision)}
                />
              )
            })}
          </ol>
        </section>
      ))}
      <div className="mt-4 flex gap-3">
        {view.before !== null && (
          <Button onClick={() => void setView({ before: null, open: null }, { history: 'push' })}>
            Newest changes
          </Button>
        )}
        {changes.length === CHANGES_PAGE && oldest !== undefined && (
          <Button
            // In this order: what is read of an answer is what draws the page anew.
            disabled={list.isPlaceholderData && list.isFetching}
            onClick={() => {
              void setView({ before: oldest.revision, open: null }, { history: 'push' })
              window.scrollTo({ top: 0 })
            }}
          >
            Older changes
          </Button>
        )}
      </div>
    </>
  )
}

/** What became of the changes of configuration among these, by revision; asked: nothing is known of them yet. */
function useEffects(changes: readonly Change[]): { effects: ReadonlyMap<number, ChangeEffect>; isAsked: boolean } {
  const trpc = useTRPC()
  const revisions = changes.filter(({ items }) => items.length > 0).map(({ revision }) => revision)
  const { data, isLoading } = useQuery(
    trpc.changes.effects.queryOptions(
      { revisions },
      { enabled: revisions.length > 0, placeholderData: keepPreviousData },
    ),
  )
  return { effects: new Map(data?.effects.map((effect) => [effect.revision, effect])), isAsked: isLoading }
}

interface HeadlineProps {
  changes: readonly Change[]
  effects: ReadonlyMap<number, ChangeEffect>
}

/** The newest change that still does harm; else the newest. */
function Headline({ changes, effects }: Readonly<HeadlineProps>) {
  const harmful = changes.find((change) => change.revertable && effects.get(change.revision)?.around?.isWorse === true)
  if (harmful !== undefined)
    return (
      <>
        {formatRevision(harmful.revision)} made <bdi>{targetOf(harmful)}</bdi> worse and is still in force
      </>
    )
  const [newest] = changes
  if (newest === undefined) return 'Nothing has been changed yet'
  return (
    <>
      Last change by <bdi>{newest.actor}</bdi>: <bdi>{newest.summary}</bdi>
    </>
  )
}
