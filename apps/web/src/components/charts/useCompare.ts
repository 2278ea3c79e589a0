// What the charts are compared with, held in the URL: `compare=period`, `day` or `week`; and its numbers.
'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { useMemo } from 'react'
import { useRange } from '@/components/frame/useRange'
import type { Comparison } from '@/server/schemas/charts'
import { useTRPC } from '@/trpc/client'
import type { Compared } from './chartView'

const parser = parseAsStringLiteral(['none', 'period', 'day', 'week']).withDefault('none')

export interface Compare {
  with: 'none' | Comparison
  choose: (next: 'none' | Comparison) => void
  compared: Compared | null
  /** Why there is no ghost line. */
  error: unknown
}

export function useCompare(chart: { service: string; route?: string }): Compare {
  const trpc = useTRPC()
  const { input } = useRange()
  const [wanted, setWanted] = useQueryState('compare', parser)
  const past = useQuery(
    trpc.charts.past.queryOptions(
      { ...chart, range: input, compare: wanted === 'none' ? 'day' : wanted },
      { enabled: wanted !== 'none', placeholderData: keepPreviousData },
    ),
  )
  const shown = past.isPlaceholderData ? undefined : past.data
  const compared = useMemo(() => (wanted === 'none' ? null : { with: wanted, past: shown }), [wanted, shown])
  return {
    with: wanted,
    choose: (next) => void setWanted(next),
    compared,
    error: past.error,
  }
}
