// Every service, worst first: one row each on a wide screen, one card each on the phone. The whole row is the link.
'use client'
import { useTable } from '@tanstack/react-table'
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { useMemo } from 'react'
import { Button } from '@/components/ui/button'
import { FilterField } from '@/components/ui/filterField'
import { Segmented } from '@/components/ui/segmented'
import { SortHead } from '@/components/ui/sortHead'
import { Empty } from '@/components/ui/states'
import { StatusMark } from '@/components/ui/status'
import { serviceColumns, serviceFeatures, sortingOf } from '@/data/serviceColumns'
import { isShown, matchesFilter, matchesOfWords, SHOWN, type Shown, SORTS, type Sort } from '@/data/serviceList'
import type { ServiceRow } from '@/server/schemas/services'
import { ServiceCard } from './serviceCard'
import { ServiceRowCells } from './serviceRow'

const parsers = {
  filter: parseAsString.withDefault(''),
  show: parseAsStringLiteral(SHOWN).withDefault('all'),
  sort: parseAsStringLiteral(SORTS).withDefault('status'),
  order: parseAsStringLiteral(['asc', 'desc']).withDefault('asc'),
}

const COLUMNS: readonly { sort: Sort; name: string; unit?: string; isNumber?: boolean }[] = [
  { sort: 'status', name: 'Status', unit: 'last 15 min' },
  { sort: 'service', name: 'Service', unit: 'and owner' },
  { sort: 'success', name: 'Success', unit: '%', isNumber: true },
  { sort: 'failed', name: 'Failed', isNumber: true },
  { sort: 'volume', name: 'Volume', unit: 'rps', isNumber: true },
  { sort: 'p50', name: 'p50', unit: 'ms', isNumber: true },
  { sort: 'p95', name: 'p95', unit: 'ms', isNumber: true },
  { sort: 'p99', name: 'p99', unit: 'ms', isNumber: true },
]

export function ServicesTable({ rows }: Readonly<{ rows: readonly ServiceRow[] }>) {
  const [view, setView] = useQueryStates(parsers)
  const counts = (shown: Shown) => rows.filter((row) => isShown(row, shown)).length
  const filtered = useMemo(
    () => rows.filter((row) => isShown(row, view.show) && matchesFilter(row, view.filter)),
    [rows, view.show, view.filter],
  )
  const sorting = useMemo(() => sortingOf(view.sort, view.order), [view.sort, view.order])
  const table = useTable({
    features: serviceFeatures,
    columns: serviceColumns,
    data: filtered,
    getRowId: (row) => row.service,
    state: { sorting },
    // The address holds the sort, so that a link shows the same list.
    onSortingChange: (change) => {
      const [next] = typeof change === 'function' ? change(sorting) : change
      const sort = SORTS.find((one) => one === next?.id)
      if (sort !== undefined) void setView({ sort, order: next?.desc ? 'desc' : 'asc' })
    },
    enableSortingRemoval: false,
    enableMultiSort: false,
  })
  const kept = table.getRowModel().rows.map(({ original }) => original)
  const head = (sort: Sort) => {
    const column = table.getColumn(sort)
    return { active: column?.getIsSorted() ?? (false as const), onSort: () => column?.toggleSorting() }
  }
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
      ) : (
        <>
          <table className="grid-table max-md:hidden">
            <thead>
              <tr>
                {COLUMNS.map((column) => (
                  <SortHead key={column.sort} {...head(column.sort)} className={column.isNumber ? 'number' : ''}>
                    {column.name}
                    {column.unit !== undefined && <span className="font-normal text-ink-3"> {column.unit}</span>}
                  </SortHead>
                ))}
                <th scope="col" className="max-lg:hidden md:pl-3">
                  Volume, <span className="text-fail-text">failures</span>
                  <span className="font-normal text-ink-3"> 30 min</span>
                </th>
                <th scope="col" className="max-xl:hidden">
                  Versions<span className="font-normal text-ink-3"> %</span>
                </th>
                <SortHead {...head('ready')} className="number">
                  Ready
                </SortHead>
              </tr>
            </thead>
            <tbody>
              {kept.map((row) => (
                <ServiceRowCells key={row.service} row={row} />
              ))}
            </tbody>
          </table>
          <ul className="md:hidden">
            {kept.map((row) => (
              <ServiceCard key={row.service} row={row} />
            ))}
          </ul>
        </>
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
