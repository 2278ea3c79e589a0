// The services as a table: its heads sort, and of many rows only those in sight are asked for and drawn.
'use client'
import { ComingRow } from '@/components/ui/comingRow'
import { Gap } from '@/components/ui/gap'
import { SortHead } from '@/components/ui/sortHead'
import { useAskedFor } from '@/components/ui/useListWindow'
import { useRowsInView } from '@/components/ui/useRowsInView'
import type { ListWindow } from '@/data/listWindow'
import type { Sort } from '@/data/serviceList'
import type { ServicesListOutput } from '@/server/schemas/services'
import { ServiceRowCells } from './serviceRow'

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
/** With the sparkline, the versions and the instances. */
const ALL_COLUMNS = COLUMNS.length + 3
const ROW_PX = 35

interface Props {
  list: Pick<ServicesListOutput, 'kept' | 'from' | 'rows'>
  head: (sort: Sort) => { active: false | 'asc' | 'desc'; onSort: () => void }
  onWindow: (rows: ListWindow) => void
}

export function ServiceRows({ list: { kept, from, rows }, head, onWindow }: Readonly<Props>) {
  const { table, shown, above, below, measure } = useRowsInView({ count: kept, rowPx: ROW_PX })
  useAskedFor(shown, measure !== undefined, onWindow)
  return (
    <table ref={table} className="grid-table" aria-rowcount={kept + 1}>
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
      <Gap height={above} columns={ALL_COLUMNS} />
      <tbody>
        {shown.map((index) => {
          const row = rows[index - from]
          return row === undefined ? (
            <ComingRow key={index} index={index} columns={ALL_COLUMNS} height={ROW_PX} />
          ) : (
            <ServiceRowCells key={row.service} row={row} index={index} measure={measure} />
          )
        })}
      </tbody>
      <Gap height={below} columns={ALL_COLUMNS} />
    </table>
  )
}
