// Every service, worst first: one row each on a wide screen, one card each on the phone. The whole row is the link.
'use client'
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { useMemo } from 'react'
import { useIsPhone } from '@/components/frame/useIsPhone'
import { Button } from '@/components/ui/button'
import { FilterField } from '@/components/ui/filterField'
import { Segmented } from '@/components/ui/segmented'
import { Empty } from '@/components/ui/states'
import { StatusMark } from '@/components/ui/status'
import {
  firstDirection,
  isShown,
  matchesFilter,
  matchesOfWords,
  SHOWN,
  type Shown,
  SORTS,
  type Sort,
  sortRows,
} from '@/data/serviceList'
import type { ServiceRow } from '@/server/schemas/services'
import { ServiceCards } from './serviceCard'
import { ServiceRows } from './serviceRows'

const parsers = {
  filter: parseAsString.withDefault(''),
  show: parseAsStringLiteral(SHOWN).withDefault('all'),
  sort: parseAsStringLiteral(SORTS).withDefault('status'),
  order: parseAsStringLiteral(['asc', 'desc']).withDefault('asc'),
}

const turned = (order: 'asc' | 'desc') => (order === 'asc' ? 'desc' : 'asc')

export function ServicesTable({ rows }: Readonly<{ rows: readonly ServiceRow[] }>) {
  const [view, setView] = useQueryStates(parsers)
  const counts = (shown: Shown) => rows.filter((row) => isShown(row, shown)).length
  const filtered = useMemo(
    () => rows.filter((row) => isShown(row, view.show) && matchesFilter(row, view.filter)),
    [rows, view.show, view.filter],
  )
  const kept = useMemo(() => sortRows(filtered, view.sort, view.order), [filtered, view.sort, view.order])
  const isPhone = useIsPhone()
  // The address holds the sort, so that a link shows the same list.
  const head = (sort: Sort) => ({
    active: view.sort === sort && view.order,
    onSort: () => void setView({ sort, order: view.sort === sort ? turned(view.order) : firstDirection(sort) }),
  })
  const segments = [
    { value: 'all', label: 'All', count: rows.length },
    { value: 'attention', label: <Labelled state="degraded" word="Needs attention" />, count: counts('attention') },
    { value: 'unknown', label: <Labelled state="unknown" word="Not reporting" />, count: counts('unknown') },
    { value: 'idle', label: <Labelled state="idle" word="No traffic" />, count: counts('idle') },
  ] as const
  return (
    <section aria-label="Services" className="mt-4">
      <div className="mb-1.5 flex items-center gap-2">
        <FilterField
          label="Filter by name, owner: or version:"
          value={view.filter}
          onChange={(filter) => void setView({ filter: filter === '' ? null : filter })}
        />
        <div className="max-lg:hidden">
          <Segmented
            label="Show"
            value={view.show}
            segments={segments.filter((s) => s.value === 'all' || s.count > 0 || s.value === view.show)}
            onChange={(show) => void setView({ show })}
          />
        </div>
        <span className="ml-auto text-12 text-ink-3 max-xl:hidden">Callers’ side, after retries</span>
      </div>
      {kept.length === 0 ? (
        <NoneLeft rows={rows} filter={view.filter} onClear={() => void setView({ filter: null, show: null })} />
      ) : isPhone ? (
        <ServiceCards rows={kept} />
      ) : (
        <ServiceRows rows={kept} head={head} />
      )}
    </section>
  )
}

function Labelled({ state, word }: Readonly<{ state: 'degraded' | 'unknown' | 'idle'; word: string }>) {
  return (
    <>
      <StatusMark state={state} />
      {word}
    </>
  )
}

interface NoneProps {
  rows: readonly ServiceRow[]
  filter: string
  onClear: () => void
}

function NoneLeft({ rows, filter, onClear }: Readonly<NoneProps>) {
  const words = matchesOfWords(rows, filter)
  return (
    <Empty title="No service matches" actions={<Button onClick={onClear}>Clear the filter</Button>}>
      {words.map(({ word, rows: found }, i) => (
        <span key={word}>
          {i > 0 && ', '}
          {found} match{found === 1 ? 'es' : ''} <code className="font-mono text-12">{word}</code>
        </span>
      ))}
      {words.length > 0 && '. '}
      All {rows.length} are still there.
    </Empty>
  )
}
