// The Map page: the title is the answer, then the picture or the same edges as a table. What is drawn is read in one
// call; the picture's library is loaded with the picture and nowhere else.
'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { parseAsArrayOf, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { useCallback } from 'react'
import { TextLink } from '@/components/frame/link'
import { useIsPhone } from '@/components/frame/useIsPhone'
import { useRange } from '@/components/frame/useRange'
import { Button } from '@/components/ui/button'
import { Segmented } from '@/components/ui/segmented'
import { PageSkeleton } from '@/components/ui/skeleton'
import { Empty, PanelError } from '@/components/ui/states'
import { mapTitle } from '@/data/mapText'
import { plural } from '@/data/numbers'
import { routes } from '@/lib/routes'
import type { MapGetOutput } from '@/server/schemas/map'
import { useTRPC } from '@/trpc/client'
import { EdgeTable } from './edgeTable'
import { MapPicture } from './mapPicture'

const VIEWS = ['map', 'table'] as const
const parsers = {
  /** null: the picture where there is room for it, else the table. */
  view: parseAsStringLiteral(VIEWS),
  focus: parseAsString,
  open: parseAsArrayOf(parseAsString).withDefault([]),
}

export function MapPage() {
  const trpc = useTRPC()
  const range = useRange()
  const isPhone = useIsPhone()
  const [state, setState] = useQueryStates(parsers, { history: 'push' })
  // The same functions at each drawing, or every card would be another one.
  const focusOn = useCallback((id: string | null) => void setState({ focus: id }), [setState])
  const toggle = useCallback(
    (owner: string) =>
      void setState(({ open }) => ({
        open: open.includes(owner) ? open.filter((other) => other !== owner) : [...open, owner],
      })),
    [setState],
  )
  const input = { range: range.input, expanded: state.open.slice(0, 20), ...(state.focus && { focus: state.focus }) }
  const map = useQuery(trpc.map.get.queryOptions(input, { placeholderData: keepPreviousData }))
  if (map.data === undefined)
    return map.isError ? (
      <>
        <h1 className="mb-4 font-semibold text-20">Map</h1>
        <PanelError what="The map" error={map.error} onRetry={() => void map.refetch()} />
      </>
    ) : (
      <>
        <h1 className="sr-only">Map</h1>
        <PageSkeleton />
      </>
    )
  const data = map.data
  const usual = isPhone === null ? null : isPhone ? 'table' : 'map'
  const view = state.view ?? usual
  const focus = data.nodes.some(({ id }) => id === state.focus) ? state.focus : null
  return (
    <>
      <h1 className="mb-3 font-semibold text-20">{mapTitle(data)}</h1>
      {map.isError && <PanelError what="Newer numbers" error={map.error} onRetry={() => void map.refetch()} />}
      <div className="mb-2 flex flex-wrap items-center gap-3">
        <Segmented
          label="Show as"
          value={view ?? 'map'}
          segments={[
            { value: 'map', label: 'Map' },
            { value: 'table', label: 'Table', count: data.edges.length },
          ]}
          onChange={(next) => void setState({ view: next === usual ? null : next })}
        />
        {state.focus !== null && (
          <span className="inline-flex flex-wrap items-center gap-2">
            <span>
              Only what calls <span className="font-medium">{state.focus}</span>, and what it calls.
            </span>
            <TextLink href={routes.service(state.focus)}>Open {state.focus}</TextLink>
            <Button size="small" onClick={() => void setState({ focus: null })}>
              Show all <kbd className="text-ink-3">Esc</kbd>
            </Button>
          </span>
        )}
        {state.open.map((owner) => (
          <Button key={owner} size="small" onClick={() => toggle(owner)}>
            Collapse {owner === '' ? 'no owner' : owner}
          </Button>
        ))}
      </div>
      {data.edges.length === 0 ? (
        <NoCalls />
      ) : view === null ? (
        <div className="min-h-[420px]" />
      ) : view === 'table' ? (
        <EdgeTable data={data} focus={focus} isPhone={isPhone === true} />
      ) : (
        <MapPicture data={data} focus={focus} onFocus={focusOn} onToggle={toggle} />
      )}
      <Footnotes data={data} />
    </>
  )
}

function NoCalls() {
  return (
    <Empty title="No call in this range">
      The map is drawn from real traffic. Choose a longer range above, or send a request through a proxy.
    </Empty>
  )
}

function Footnotes({ data }: Readonly<{ data: MapGetOutput }>) {
  const { quiet, edgesLeftOut } = data
  return (
    <div className="mt-2 flex flex-col gap-1 text-12 text-ink-2">
      {edgesLeftOut > 0 && <p>{plural(edgesLeftOut, 'quieter edge')} left out.</p>}
      {quiet.count > 0 && (
        <p>
          No call in this range: {quiet.names.join(', ')}
          {quiet.count > quiet.names.length && ` and ${quiet.count - quiet.names.length} more`}.
        </p>
      )}
    </div>
  )
}
