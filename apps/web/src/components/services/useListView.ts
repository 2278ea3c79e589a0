// How the list of services is filtered and sorted. The address holds it, so that a link shows the same list.
'use client'
import { parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { firstDirection, SHOWN, type Shown, SORTS, type Sort } from '@/data/serviceList'

const parsers = {
  filter: parseAsString.withDefault(''),
  show: parseAsStringLiteral(SHOWN).withDefault('all'),
  sort: parseAsStringLiteral(SORTS).withDefault('status'),
  order: parseAsStringLiteral(['asc', 'desc']).withDefault('asc'),
}

export interface ListView {
  shown: { filter: string; show: Shown; sort: Sort; order: 'asc' | 'desc' }
  setFilter: (filter: string) => void
  setShow: (show: Shown) => void
  /** The same column again turns its direction. */
  sortBy: (sort: Sort) => void
  showAll: () => void
}

export function useListView(): ListView {
  const [shown, setShown] = useQueryStates(parsers)
  const turned = shown.order === 'asc' ? 'desc' : 'asc'
  return {
    shown,
    setFilter: (filter) => void setShown({ filter: filter === '' ? null : filter }),
    setShow: (show) => void setShown({ show }),
    sortBy: (sort) => void setShown({ sort, order: shown.sort === sort ? turned : firstDirection(sort) }),
    showAll: () => void setShown({ filter: null, show: null }),
  }
}
