// The sortable columns of the services table, as TanStack Table has them. What a cell looks like is the components' matter.
import {
  createColumnHelper,
  createSortedRowModel,
  type Row,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
} from '@tanstack/react-table'
import type { ServiceRow } from '../server/schemas/services.ts'
import { firstDirection, SORTS, type Sort, sortValue } from './serviceList.ts'

export const serviceFeatures = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() })
type Features = typeof serviceFeatures

/** Ascending; the table turns it round, and keeps the order given among equals. */
function byValue(a: Row<Features, ServiceRow>, b: Row<Features, ServiceRow>, column: string): number {
  const [first, second] = [a.getValue<string | number>(column), b.getValue<string | number>(column)]
  return first < second ? -1 : first > second ? 1 : 0
}

const helper = createColumnHelper<Features, ServiceRow>()

/** One for each of `SORTS`. No value is neither best nor worst: it goes last in both directions. */
export const serviceColumns = helper.columns(
  SORTS.map((sort) =>
    helper.accessor((row) => sortValue(row, sort) ?? undefined, {
      id: sort,
      sortFn: byValue,
      sortUndefined: 'last',
      sortDescFirst: firstDirection(sort) === 'desc',
    }),
  ),
)

export function sortingOf(sort: Sort, order: 'asc' | 'desc'): SortingState {
  return [{ id: sort, desc: order === 'desc' }]
}
