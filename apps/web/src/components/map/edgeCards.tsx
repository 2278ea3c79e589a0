// The map's edges on a phone: the same numbers in the same order, one edge below the other, parted by hairlines.
'use client'
import type { ReactNode } from 'react'
import { Measure } from '@/components/ui/numbers'
import { Select } from '@/components/ui/select'
import { StatusMark, toneOf } from '@/components/ui/status'
import { EDGE_SORTS, type EdgeSort } from '@/data/mapTable'
import { carriedText, formatCount, formatLatency, formatRate, formatSuccess } from '@/data/numbers'
import { troubledNumber } from '@/data/trouble'
import type { MapEdge } from '@/server/schemas/map'

const SORT_LABEL: Record<EdgeSort, string> = {
  source: 'caller',
  target: 'service called',
  success: 'worst success',
  failed: 'most failures',
  volume: 'most volume',
  p99: 'slowest p99',
}
const SORTS = EDGE_SORTS.map((value) => ({ value, label: SORT_LABEL[value] }))

interface Props {
  /** In the order in which they are shown. */
  edges: readonly MapEdge[]
  sort: EdgeSort
  onSort: (sort: EdgeSort) => void
  nameOf: (id: string) => ReactNode
}

export function EdgeCards({ edges, sort, onSort, nameOf }: Readonly<Props>) {
  return (
    <>
      <div className="flex items-center gap-2 border-line border-b pb-2 text-ink-2">
        By
        <Select label="Order of the edges" value={sort} options={SORTS} onChange={onSort} />
      </div>
      <ul>
        {edges.map((edge) => {
          const { golden, health, bytesPerSecond } = edge
          const tone = toneOf(health.state)
          const trouble = troubledNumber(health)
          return (
            <li key={`${edge.source} ${edge.target}`} className="border-line border-b py-2.5 text-14">
              <span className="flex flex-wrap items-center gap-x-1.5 [&_a]:inline-flex [&_a]:min-h-6 [&_a]:items-center">
                {tone !== '' && <StatusMark state={health.state} />}
                {nameOf(edge.source)}
                <span aria-hidden className="text-ink-3">
                  →
                </span>
                <span className="sr-only">calls</span>
                {nameOf(edge.target)}
                {!edge.isMutualTls && <span className="ml-auto text-13 text-ink-2">no mutual TLS</span>}
              </span>
              {health.reason !== null && tone !== '' && (
                <span className={`block text-13 ${tone}`}>{health.reason}</span>
              )}
              <span className="mt-1 grid grid-cols-3 gap-2">
                <span>
                  <Measure
                    value={{ text: formatSuccess(golden.successRate), unit: golden.successRate === null ? '' : '%' }}
                    className={trouble === 'success' ? tone : ''}
                  />
                  {golden.failures > 0 && (
                    <span className="block text-12 text-ink-2 leading-4">{formatCount(golden.failures)} failed</span>
                  )}
                </span>
                <span>
                  <Measure value={formatRate(golden.requestsPerSecond, bytesPerSecond === null ? 'rps' : 'conn/s')} />
                  {bytesPerSecond !== null && (
                    <span className="block text-12 text-ink-2 leading-4">{carriedText(bytesPerSecond)}</span>
                  )}
                </span>
                <span className="text-right">
                  <span className="text-ink-3">p99 </span>
                  <Measure value={formatLatency(golden.latencyMs.p99)} className={trouble === 'p99' ? tone : ''} />
                </span>
              </span>
            </li>
          )
        })}
      </ul>
    </>
  )
}
