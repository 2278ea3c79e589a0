// A column head that sorts, and says to everybody how the column is sorted.
import type { ReactNode } from 'react'

interface Props {
  children: ReactNode
  active: false | 'asc' | 'desc'
  onSort: () => void
  className?: string
}

export function SortHead({ children, active, onSort, className }: Readonly<Props>) {
  return (
    <th
      scope="col"
      className={className}
      aria-sort={active === false ? 'none' : active === 'asc' ? 'ascending' : 'descending'}
    >
      <button type="button" onClick={onSort} className={`font-medium hover:text-ink ${active ? 'text-ink' : ''}`}>
        {children}
        {active !== false && <span aria-hidden>{active === 'asc' ? ' ↑' : ' ↓'}</span>}
      </button>
    </th>
  )
}
