// One caller's squares: a row of the matrix, its head, and the buttons that the table's keys and pointer go through. Each
// is drawn anew only when it would look otherwise.
'use client'
import { memo } from 'react'
import { AccessMark } from '@/components/ui/accessMark'
import type { Place } from '@/data/gridKeys'
import { callerName, isSameSquare, squareText } from '@/data/shownAccess'
import type { MatrixCell } from '@/server/schemas/accessPreview'

export interface Square {
  cell: MatrixCell
  /** Pixels, by its volume. */
  size: number
}

interface RowProps {
  source: string
  row: number
  destinations: readonly string[]
  /** By column; undefined where nothing was called. */
  squares: readonly (Square | undefined)[]
  isLit: boolean
  litColumn: number | null
  /** The column of the table's one tab stop, -1 for the head; null: it is in another row. */
  stopColumn: number | null
  /** The column that the tester asks about. */
  chosenColumn: number | null
}

export const MatrixRow = memo(function MatrixRow(props: Readonly<RowProps>) {
  const { source, row, destinations, squares, isLit, litColumn, stopColumn, chosenColumn } = props
  return (
    <tr>
      <th scope="row" className="max-w-[132px] p-0 pr-2.5 text-right font-normal">
        <button
          {...stopAt(row, -1, stopColumn === -1)}
          title={source === 'public' ? undefined : `${source}: show only its calls`}
          className={`h-6 max-w-full truncate hover:underline ${isLit ? 'font-semibold text-ink' : 'text-ink-2'}`}
        >
          {callerName(source)}
        </button>
      </th>
      {destinations.map((destination, column) => (
        <MatrixSquare
          key={destination}
          row={row}
          column={column}
          text={squareText(source, destination, squares[column]?.cell)}
          verdict={squares[column]?.cell.verdict}
          size={squares[column]?.size}
          isLit={isLit || litColumn === column}
          isStop={stopColumn === column}
          isChosen={chosenColumn === column}
        />
      ))}
    </tr>
  )
}, isDrawnAlike)

function isDrawnAlike({ squares: before, ...a }: RowProps, { squares: now, ...b }: RowProps): boolean {
  return (
    a.source === b.source &&
    a.row === b.row &&
    a.destinations === b.destinations &&
    a.isLit === b.isLit &&
    a.litColumn === b.litColumn &&
    a.stopColumn === b.stopColumn &&
    a.chosenColumn === b.chosenColumn &&
    before.every((square, column) => {
      const other = now[column]
      return square === other || (isSameSquare(square?.cell, other?.cell) && square?.size === other?.size)
    })
  )
}

interface SquareProps {
  row: number
  column: number
  text: string
  verdict: MatrixCell['verdict'] | undefined
  size: number | undefined
  isLit: boolean
  isStop: boolean
  isChosen: boolean
}

const MatrixSquare = memo(function MatrixSquare(props: Readonly<SquareProps>) {
  const { row, column, text, verdict, size, isLit, isStop, isChosen } = props
  return (
    <td className={`border border-line p-0 ${isLit ? 'bg-hover' : ''}`}>
      <button
        {...stopAt(row, column, isStop)}
        aria-label={text}
        aria-pressed={isChosen}
        className="-outline-offset-2 grid size-6 place-items-center aria-pressed:shadow-[inset_0_0_0_2px_var(--accent)]"
      >
        {verdict !== undefined && <AccessMark state={verdict} {...(size !== undefined && { size })} />}
      </button>
    </td>
  )
})

/** What makes a button one of the places that `placeOf` finds. */
export const stopAt = (row: number, column: number, isStop: boolean) => ({
  type: 'button' as const,
  'data-place': `${row},${column}`,
  tabIndex: isStop ? 0 : -1,
})

/** The place of what an event was about; null: beside all of them. */
export function placeOf(target: EventTarget): Place | null {
  const place = target instanceof Element ? target.closest<HTMLElement>('[data-place]')?.dataset.place : undefined
  const [row, column] = place?.split(',').map(Number) ?? []
  return row === undefined || column === undefined ? null : { row, column }
}
