// Who calls whom: the matrix with its filters and its legend; on a phone, "who calls X".
'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { parseAsString, useQueryStates } from 'nuqs'
import { useMemo, useState } from 'react'
import { useIsPhone } from '@/components/frame/useIsPhone'
import { useRange } from '@/components/frame/useRange'
import { AccessMark } from '@/components/ui/accessMark'
import { Button } from '@/components/ui/button'
import { Picker } from '@/components/ui/picker'
import { Select } from '@/components/ui/select'
import { PageSkeleton } from '@/components/ui/skeleton'
import { Empty, PanelError } from '@/components/ui/states'
import { heldOrder } from '@/data/heldOrder'
import { formatCount } from '@/data/numbers'
import { lengthText } from '@/data/timeRange'
import { VERDICT_TEXT, VERDICTS } from '@/data/verdicts'
import type { AccessMatrix } from '@/server/schemas/accessPreview'
import { useTRPC } from '@/trpc/client'
import { MatrixGrid } from './matrixGrid'
import { WhoCalls } from './whoCalls'

/** What no call moves. */
export interface Mesh {
  /** Every service, for searches; callers that only call are among them. */
  services: readonly string[]
  defaultAccess: 'allow' | 'deny'
}

interface Props extends Mesh {
  /** Of a service's tab: its own calls alone. */
  service: string | undefined
  chosen: { source: string; destination: string } | null
  onAsk: (source: string, destination: string) => void
}

const EVERY_OWNER = 'every owner'
const parsers = { focus: parseAsString, owner: parseAsString }

export function MatrixPanel({ service, services, defaultAccess, chosen, onAsk }: Readonly<Props>) {
  const trpc = useTRPC()
  const range = useRange()
  const [view, setView] = useQueryStates(parsers)
  const focus = service ?? view.focus
  const read = useQuery(
    trpc.access.matrix.queryOptions(
      {
        range: range.input,
        ...(focus !== null && { service: focus }),
        ...(view.owner !== null && { owner: view.owner }),
      },
      { placeholderData: keepPreviousData },
    ),
  )
  const matrix = useHeldOrder(read.data)
  const isPhone = useIsPhone()
  if (matrix === undefined)
    return read.isError ? (
      <PanelError what="The calls" error={read.error} onRetry={() => void read.refetch()} />
    ) : (
      <PageSkeleton />
    )
  const span = lengthText(matrix.range.to - matrix.range.from)
  const isFiltered = view.owner !== null || (service === undefined && view.focus !== null)
  const clear = () => void setView({ focus: null, owner: null })
  return (
    <section aria-label="Who calls whom" className="min-w-0">
      <div className="mb-2 flex flex-wrap items-center gap-x-3 gap-y-2 max-md:hidden">
        <h2 className="font-semibold text-14">Who calls whom</h2>
        <span className="text-12 text-ink-2">rows call columns; size is volume, last {span}</span>
        <span className="ml-auto flex flex-wrap items-center gap-2">
          {service === undefined && (
            <Picker
              label="Show only the calls of a service"
              value={view.focus}
              options={services}
              onChange={(next) => void setView({ focus: next })}
            >
              <span className="text-ink-2">every service</span>
            </Picker>
          )}
          {matrix.owners.length > 0 && (
            <Select
              label="Owner"
              value={view.owner ?? EVERY_OWNER}
              options={[EVERY_OWNER, ...matrix.owners].map((owner) => ({ value: owner, label: owner }))}
              onChange={(owner) => void setView({ owner: owner === EVERY_OWNER ? null : owner })}
            />
          )}
          {isFiltered && (
            <Button look="quiet" size="small" onClick={clear}>
              <X size={13} aria-hidden />
              All
            </Button>
          )}
        </span>
      </div>
      {matrix.cells.length === 0 ? (
        <Empty
          title={isFiltered ? 'No call matches' : `No call in the last ${span}`}
          actions={isFiltered && <Button onClick={clear}>Clear the filter</Button>}
        >
          {isFiltered
            ? 'Others have called each other in this range.'
            : 'This is no fault. A longer range may show some.'}
        </Empty>
      ) : (
        <>
          {isPhone ? (
            <WhoCalls
              matrix={matrix}
              services={services}
              defaultAccess={defaultAccess}
              span={span}
              service={service}
              onAsk={onAsk}
            />
          ) : (
            <div className="isolate overflow-x-auto pb-2 max-md:hidden">
              <MatrixGrid
                matrix={matrix}
                label={`Who calls whom, last ${span}`}
                chosen={chosen}
                onAsk={onAsk}
                onService={(name) => service === undefined && void setView({ focus: name })}
              />
            </div>
          )}
          <Legend matrix={matrix} />
        </>
      )}
    </section>
  )
}

/** Callers and services stay where they are while numbers move. */
function useHeldOrder(matrix: AccessMatrix | undefined): AccessMatrix | undefined {
  const [order, setOrder] = useState<Pick<AccessMatrix, 'sources' | 'destinations'>>({ sources: [], destinations: [] })
  const sources = heldOrder(order.sources, matrix?.sources ?? order.sources)
  const destinations = heldOrder(order.destinations, matrix?.destinations ?? order.destinations)
  if (sources !== order.sources || destinations !== order.destinations) setOrder({ sources, destinations })
  return useMemo(() => matrix && { ...matrix, sources, destinations }, [matrix, sources, destinations])
}

function Legend({ matrix }: Readonly<{ matrix: AccessMatrix }>) {
  return (
    <p className="mt-2 flex flex-wrap gap-x-5 gap-y-1 text-12 text-ink-2">
      {VERDICTS.map((verdict) => (
        <span key={verdict} className="inline-flex items-center gap-2">
          <AccessMark state={verdict} />
          {VERDICT_TEXT[verdict]} <span className="font-medium text-ink">{formatCount(matrix.counts[verdict])}</span>
        </span>
      ))}
      {matrix.left > 0 && (
        <span>The most active are shown; {formatCount(matrix.left)} less active ones are left out.</span>
      )}
    </p>
  )
}
