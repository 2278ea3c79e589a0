// Every service, worst first: one row each on a wide screen, one card each on the phone. The whole row is the link.
'use client'
import { useIsPhone } from '@/components/frame/useIsPhone'
import { Button } from '@/components/ui/button'
import { FilterField } from '@/components/ui/filterField'
import { Segmented } from '@/components/ui/segmented'
import { Empty } from '@/components/ui/states'
import { StatusMark } from '@/components/ui/status'
import type { ListWindow } from '@/data/listWindow'
import type { Sort } from '@/data/serviceList'
import type { ServicesListOutput } from '@/server/schemas/services'
import { ServiceCards } from './serviceCard'
import { ServiceRows } from './serviceRows'
import type { ListView } from './useListView'

interface Props {
  list: ServicesListOutput
  view: ListView
  /** The rows that are to be asked for. */
  onWindow: (rows: ListWindow) => void
}

export function ServicesTable({ list, view, onWindow }: Readonly<Props>) {
  const { counts } = list
  const { filter, show, sort, order } = view.shown
  const isPhone = useIsPhone()
  const head = (by: Sort) => ({ active: sort === by && order, onSort: () => view.sortBy(by) })
  const segments = [
    { value: 'all', label: 'All', count: counts.all },
    { value: 'attention', label: <Labelled state="degraded" word="Needs attention" />, count: counts.attention },
    { value: 'unknown', label: <Labelled state="unknown" word="Not reporting" />, count: counts.unknown },
    { value: 'idle', label: <Labelled state="idle" word="No traffic" />, count: counts.idle },
  ] as const
  return (
    <section aria-label="Services" className="mt-4">
      <div className="mb-1.5 flex items-center gap-2">
        <FilterField label="Filter by name, owner: or version:" value={filter} onChange={view.setFilter} />
        <div className="max-lg:hidden">
          <Segmented
            label="Show"
            value={show}
            segments={segments.filter((s) => s.value === 'all' || s.count > 0 || s.value === show)}
            onChange={view.setShow}
          />
        </div>
        <span className="ml-auto text-12 text-ink-3 max-xl:hidden">Callers’ side, after retries</span>
      </div>
      {list.kept === 0 ? (
        <NoneLeft list={list} onClear={view.showAll} />
      ) : isPhone ? (
        <ServiceCards list={list} onWindow={onWindow} />
      ) : (
        <ServiceRows list={list} head={head} onWindow={onWindow} />
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

function NoneLeft({ list, onClear }: Readonly<Pick<Props, 'list'> & { onClear: () => void }>) {
  return (
    <Empty title="No service matches" actions={<Button onClick={onClear}>Clear the filter</Button>}>
      {list.words.map(({ word, rows: found }, i) => (
        <span key={word}>
          {i > 0 && ', '}
          {found} match{found === 1 ? 'es' : ''} <code className="font-mono text-12">{word}</code>
        </span>
      ))}
      {list.words.length > 0 && '. '}
      All {list.counts.all} are still there.
    </Empty>
  )
}
