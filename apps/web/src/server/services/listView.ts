// Of the list of services what one page shows: how many there are, and the rows in sight of those that are kept. Pure.
import { rowsIn } from '../../data/listWindow.ts'
import { isShown, matchesFilter, matchesOfWords, SHOWN, type Shown, sortRows } from '../../data/serviceList.ts'
import type { ServiceRow, ServicesListInput, ServicesListOutput } from '../schemas/services.ts'

/** Every service, worst first, and the page's head. */
export interface ServiceList
  extends Pick<ServicesListOutput, 'range' | 'data' | 'mesh' | 'worst' | 'closest' | 'attention'> {
  rows: readonly ServiceRow[]
}

export function viewOf(
  { rows, ...head }: ServiceList,
  { filter, show, sort, order, from, count }: Omit<ServicesListInput, 'range'>,
): Omit<ServicesListOutput, 'changes'> {
  const kept = rows.filter((row) => isShown(row, show) && matchesFilter(row, filter))
  return {
    ...head,
    counts: countsOf(rows),
    kept: kept.length,
    words: kept.length === 0 ? matchesOfWords(rows, filter) : [],
    ...rowsIn(sortRows(kept, sort, order), { from, count }),
  }
}

function countsOf(rows: readonly ServiceRow[]): ServicesListOutput['counts'] {
  const of = (shown: Shown) => rows.filter((row) => isShown(row, shown)).length
  const counts = Object.fromEntries(SHOWN.map((shown) => [shown, of(shown)])) as Record<Shown, number>
  return { ...counts, withoutCalls: rows.filter(({ requests }) => requests === 0).length }
}
