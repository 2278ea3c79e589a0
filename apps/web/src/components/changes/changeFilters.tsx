// The filters above the timeline: words, what it is about, of which service, by whom.
'use client'
import { CHANGE_TOPICS, type ChangeTopic } from '@heddle/shared/api/changeTopics'
import { useQuery } from '@tanstack/react-query'
import { FilterField } from '@/components/ui/filterField'
import { Segmented } from '@/components/ui/segmented'
import { Select } from '@/components/ui/select'
import { useTRPC } from '@/trpc/client'
import type { ChangesView } from './useChangesView'

const LABEL: Record<ChangeTopic, string> = {
  routes: 'Routes',
  services: 'Services',
  access: 'Access',
  mesh: 'Mesh',
  people: 'People and tokens',
}
const SEGMENTS = [
  { value: 'all', label: 'All kinds' } as const,
  ...CHANGE_TOPICS.map((topic) => ({ value: topic, label: LABEL[topic] })),
]
const ANY = ''

type Props = Readonly<Pick<ChangesView, 'view' | 'setView'> & { isOfService: boolean }>

export function ChangeFilters({ view, setView, isOfService }: Props) {
  const trpc = useTRPC()
  const actors = useQuery(trpc.changes.actors.queryOptions(undefined, { staleTime: 60_000 })).data?.actors ?? []
  const services = useQuery(
    trpc.config.get.queryOptions({ kind: 'Service' }, { staleTime: 60_000, enabled: !isOfService }),
  ).data?.resources.flatMap(nameOf)
  const topic = view.about ?? 'all'
  return (
    <div className="mb-2 flex flex-wrap items-center gap-2">
      <FilterField
        label="Words, names or a revision"
        value={view.filter}
        onChange={(filter) => void setView({ filter: filter === '' ? null : filter, before: null })}
      />
      <div className="max-lg:hidden">
        <Segmented
          label="Kind"
          value={topic}
          segments={SEGMENTS}
          onChange={(about) => void setView({ about: about === 'all' ? null : about, before: null })}
        />
      </div>
      <Select
        label="Kind"
        className="lg:hidden"
        value={topic}
        options={SEGMENTS}
        onChange={(about) => void setView({ about: about === 'all' ? null : about, before: null })}
      />
      {!isOfService && (
        <Select
          label="Service"
          value={view.of ?? ANY}
          options={[{ value: ANY, label: 'Any service' }, ...withChosen(services ?? [], view.of)]}
          onChange={(of) => void setView({ of: of === ANY ? null : of, before: null })}
        />
      )}
      <Select
        label="Person"
        value={view.who ?? ANY}
        options={[{ value: ANY, label: 'Anyone' }, ...withChosen(actors, view.who)]}
        onChange={(who) => void setView({ who: who === ANY ? null : who, before: null })}
      />
    </div>
  )
}

/** What the address names stays chosen, listed or not. */
function withChosen(names: readonly string[], chosen: string | null) {
  const all = chosen === null || names.includes(chosen) ? names : [...names, chosen]
  return all.map((name) => ({ value: name, label: name }))
}

function nameOf(resource: unknown): string[] {
  const metadata: unknown = typeof resource === 'object' && resource !== null ? Reflect.get(resource, 'metadata') : null
  const name: unknown = typeof metadata === 'object' && metadata !== null ? Reflect.get(metadata, 'name') : null
  return typeof name === 'string' ? [name] : []
}
