// Find or do (⌘K): services, routes, rules and changes as the server finds them, and what can be done, in one list that
// the keyboard walks.
'use client'
import { Autocomplete } from '@base-ui/react/autocomplete'
import { Dialog } from '@base-ui/react/dialog'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { CornerDownLeft, KeyRound, LayoutGrid, ListTree, Lock, Search, Split } from 'lucide-react'
import { useRouter, useSearchParams } from 'next/navigation'
import { type ComponentType, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { matchedParts, rank } from '@/data/fuzzy'
import { formatRevision } from '@/data/numbers'
import { FIRST_ACTIONS, PALETTE_ACTIONS, type PaletteAction } from '@/data/paletteActions'
import { narrowed } from '@/data/searched'
import { routes, withQuery } from '@/lib/routes'
import type { SearchFindOutput } from '@/server/schemas/search'
import { useTRPC } from '@/trpc/client'
import { useDeeds } from './useDeeds'

interface Entry {
  id: string
  label: string
  detail: string
  Icon: ComponentType<{ size?: number; className?: string; 'aria-hidden'?: boolean }>
  /** Why it may not be done. */
  barred: string | null
  act: () => void
}
interface Group {
  value: string
  items: Entry[]
}

const ACTIONS_SHOWN = 7

interface Props {
  open: boolean
  onOpenChange: (open: boolean) => void
  /** The input has the focus; gives what was typed before it had. */
  onReady: () => string
  onKeys: () => void
}

export function Palette({ open, onOpenChange, onReady, onKeys }: Readonly<Props>) {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-(--z-dialog) bg-scrim" />
        <Dialog.Popup
          aria-label="Find or do"
          className="-translate-x-1/2 fixed top-[12vh] left-1/2 z-(--z-dialog) w-[min(560px,calc(100vw-24px))] rounded-3 bg-raised shadow-dialog outline-none max-md:top-3"
        >
          <Finder onDone={() => onOpenChange(false)} onReady={onReady} onKeys={onKeys} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Finder({ onDone, onReady, onKeys }: Readonly<Pick<Props, 'onReady' | 'onKeys'> & { onDone: () => void }>) {
  const trpc = useTRPC()
  const [query, setQuery] = useState('')
  const typed = query.slice(0, 100)
  const found = useQuery(trpc.search.find.queryOptions({ query: typed }, { placeholderData: keepPreviousData }))
  const me = useQuery(trpc.session.me.queryOptions(undefined, { staleTime: 60_000 }))
  const router = useRouter()
  const parameters = useSearchParams()
  const perform = useDeeds(onKeys)
  const go = (href: string) => router.push(withQuery(href, parameters))
  const actions =
    typed.trim() === '' ? FIRST_ACTIONS : rank(typed, PALETTE_ACTIONS, ({ label }) => label, ACTIONS_SHOWN)
  const entryOf = (action: PaletteAction): Entry => {
    const permission = action.needs === undefined ? undefined : me.data?.permissions[action.needs]
    const barred = permission?.allowed === false ? permission.reason : null
    return {
      id: action.id,
      label: action.label,
      detail: barred ?? '',
      Icon: barred === null ? CornerDownLeft : Lock,
      barred,
      act: () => perform(action.deed),
    }
  }
  // The answer before stays until the next one is there, but only what of it fits.
  const fitting = found.data !== undefined && found.isPlaceholderData ? narrowed(typed, found.data) : found.data
  const groups: Group[] = [
    ...(fitting === undefined ? [] : foundGroups(fitting, go)),
    { value: 'Actions', items: actions.map(entryOf) },
  ].filter(({ items }) => items.length > 0)
  const takeFirst = useLateEnter(typed, found.isPlaceholderData || found.isPending, () => {
    const [first] = groups[0]?.items ?? []
    if (found.isError || first === undefined || first.barred !== null) return
    first.act()
    onDone()
  })
  return (
    <Autocomplete.Root
      inline
      open
      mode="none"
      autoHighlight="always"
      items={groups}
      value={query}
      onValueChange={(next, { reason }) => {
        if (reason !== 'item-press') setQuery(next)
      }}
      itemToStringValue={(entry: Entry) => entry.label}
    >
      <div className="flex items-center gap-2.5 border-line border-b px-3.5">
        <Search size={15} aria-hidden className="text-ink-2" />
        <Autocomplete.Input
          aria-label="Find services, routes, rules and changes, or do something"
          placeholder="Find or do"
          onKeyDown={takeFirst}
          onFocus={() => {
            const early = onReady()
            if (early !== '') setQuery((text) => text + early)
          }}
          className="h-11 min-w-0 flex-1 bg-transparent text-14 outline-none max-md:text-16"
        />
        <kbd aria-hidden className="rounded-1 border border-line-strong px-1.5 text-12 text-ink-2">
          esc
        </kbd>
      </div>
      <Autocomplete.Empty className="px-3.5 text-ink-2 empty:hidden">
        <p className="py-4">{emptyText(found)}</p>
      </Autocomplete.Empty>
      <Autocomplete.List
        aria-busy={found.isPlaceholderData}
        className="max-h-[min(420px,60dvh)] overflow-y-auto py-1.5 outline-none empty:hidden"
      >
        {(group: Group) => (
          <Autocomplete.Group key={group.value} items={group.items} className="pb-1.5 last:pb-0">
            <Autocomplete.GroupLabel className="px-3.5 py-1 text-12 text-ink-2">{group.value}</Autocomplete.GroupLabel>
            <Autocomplete.Collection>
              {(entry: Entry) => (
                <Autocomplete.Item
                  key={entry.id}
                  value={entry}
                  disabled={entry.barred !== null}
                  onClick={() => {
                    entry.act()
                    onDone()
                  }}
                  className="flex min-h-9 cursor-default items-center gap-3 px-3.5 data-disabled:text-ink-3 data-highlighted:bg-press max-md:min-h-11"
                >
                  <entry.Icon size={14} aria-hidden className="shrink-0 text-ink-2" />
                  <span className="min-w-0 truncate">
                    <Marked text={entry.label} query={typed} />
                  </span>
                  <span className="ml-auto max-w-[55%] shrink-0 truncate text-ink-2">{entry.detail}</span>
                </Autocomplete.Item>
              )}
            </Autocomplete.Collection>
          </Autocomplete.Group>
        )}
      </Autocomplete.List>
    </Autocomplete.Root>
  )
}

/** Enter means the first of what answers the words: where that is on its way, Enter is too. Who chose by keys means that. */
function useLateEnter(typed: string, isAwaited: boolean, take: () => void) {
  const [due, setDue] = useState<string | null>(null)
  const hasChosen = useRef(false)
  const latest = useRef(take)
  latest.current = take
  useEffect(() => {
    if (due === null || isAwaited) return
    setDue(null)
    if (due === typed) latest.current()
  }, [due, typed, isAwaited])
  return (event: KeyboardEvent & { preventBaseUIHandler: () => void }) => {
    if (event.key === 'Enter' && isAwaited && !hasChosen.current) {
      event.preventDefault()
      event.preventBaseUIHandler()
      setDue(typed)
    }
    hasChosen.current = event.key === 'ArrowDown' || event.key === 'ArrowUp'
  }
}

function emptyText({ isError, isFetching }: { isError: boolean; isFetching: boolean }): string {
  if (isError) return 'The search could not be answered; actions still work.'
  return isFetching ? 'Looking …' : 'Nothing is called so.'
}

function foundGroups(
  { services, routes: found, rules, changes }: SearchFindOutput,
  go: (href: string) => void,
): Group[] {
  const entry = (id: string, label: string, detail: string, Icon: Entry['Icon'], href: string): Entry => ({
    id,
    label,
    detail,
    Icon,
    barred: null,
    act: () => go(href),
  })
  return [
    {
      value: 'Services',
      items: services.map(({ service, owner }) =>
        entry(`service ${service}`, service, owner ?? '', LayoutGrid, routes.service(service)),
      ),
    },
    {
      value: 'Routes',
      items: found.map(({ service, route, match }) =>
        entry(`route ${service} ${route}`, match, `${route} of ${service}`, Split, routes.route(service, route)),
      ),
    },
    {
      value: 'Rules',
      items: rules.map(({ rule, words }) => entry(`rule ${rule}`, words, rule, KeyRound, routes.rule(rule))),
    },
    {
      value: 'Changes',
      items: changes.map(({ revision, summary, actor }) =>
        entry(
          `change ${revision}`,
          summary,
          `${formatRevision(revision)} · ${actor}`,
          ListTree,
          routes.change(revision),
        ),
      ),
    },
  ]
}

function Marked({ text, query }: Readonly<{ text: string; query: string }>) {
  const parts = matchedParts(query, text)
  let at = 0
  const pieces = parts.flatMap(([begin, end]) => {
    const own = [
      { text: text.slice(at, begin), isFound: false, begin: at },
      { text: text.slice(begin, end), isFound: true, begin },
    ]
    at = end
    return own
  })
  return [...pieces, { text: text.slice(at), isFound: false, begin: at }].map((piece) =>
    piece.isFound ? (
      <b key={`b${piece.begin}`} className="font-semibold">
        {piece.text}
      </b>
    ) : (
      <span key={`s${piece.begin}`}>{piece.text}</span>
    ),
  )
}
