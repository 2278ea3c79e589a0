// The matrix: callers as rows, services as columns, size by volume, and what the rules said as a square. One tab stop;
// arrow keys go through cells and heads, Enter asks the tester about a cell or shows one service's neighbourhood. Hundreds
// of buttons, so the table itself listens for them.
'use client'
import { type FocusEvent, type KeyboardEvent, type MouseEvent, useMemo, useRef, useState } from 'react'
import { moved, type Place } from '@/data/gridKeys'
import { formatCount } from '@/data/numbers'
import { squareText } from '@/data/shownAccess'
import type { AccessMatrix, MatrixCell } from '@/server/schemas/accessPreview'
import { MatrixRow, placeOf, type Square, stopAt } from './matrixRow'

interface Props {
  matrix: AccessMatrix
  label: string
  /** The tester's question. */
  chosen: { source: string; destination: string } | null
  onAsk: (source: string, destination: string) => void
  onService: (service: string) => void
}

const isAt = (a: Place | null, b: Place | null) => a?.row === b?.row && a?.column === b?.column

export function MatrixGrid({ matrix, label, chosen, onAsk, onService }: Readonly<Props>) {
  const { sources, destinations } = matrix
  const squares = useMemo(() => squaresOf(matrix), [matrix])
  const [here, setHere] = useState<Place>({ row: 0, column: 0 })
  const [over, setOver] = useState<Place | null>(null)
  const table = useRef<HTMLTableElement>(null)
  const stop = { row: Math.min(here.row, sources.length - 1), column: Math.min(here.column, destinations.length - 1) }
  const [isInside, setIsInside] = useState(false)
  const chosenPlace = placeIn(matrix, chosen)
  const lit = over ?? (isInside ? stop : chosenPlace)

  const onKeyDown = (event: KeyboardEvent) => {
    const size = { rows: sources.length, columns: destinations.length }
    const next = moved(stop, event.key, size, event.ctrlKey || event.metaKey)
    if (next === null) return
    event.preventDefault()
    setHere(next)
    setOver(null)
    table.current?.querySelector<HTMLElement>(`[data-place="${next.row},${next.column}"]`)?.focus()
  }
  /** The exact numbers of the square that one points at or stands on: in all of them they would change with each tick. */
  const tellExactly = (target: EventTarget, { row, column }: Place) => {
    const [source, destination] = [sources[row], destinations[column]]
    if (source === undefined || destination === undefined || !(target instanceof Element)) return
    const text = squareText(source, destination, squares[row]?.[column]?.cell, formatCount)
    target.closest('[data-place]')?.setAttribute('title', text)
  }
  const onFocus = ({ target }: FocusEvent) => {
    const place = placeOf(target)
    if (place === null) return
    tellExactly(target, place)
    setHere(place)
    setIsInside(true)
  }
  const onMouseOver = ({ target }: MouseEvent) => {
    const place = placeOf(target)
    if (place === null) return
    tellExactly(target, place)
    setOver((before) => (isAt(before, place) ? before : place))
  }
  const onClick = ({ target }: MouseEvent) => {
    const place = placeOf(target)
    if (place === null) return
    const [source, destination] = [sources[place.row], destinations[place.column]]
    if (source !== undefined && destination !== undefined) return onAsk(source, destination)
    const service = source ?? destination
    if (service !== undefined && service !== 'public') onService(service)
  }
  return (
    <table
      ref={table}
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table that is walked through by keys is a grid.
      role="grid"
      aria-label={label}
      onKeyDown={onKeyDown}
      onFocus={onFocus}
      onBlur={() => setIsInside(false)}
      onClick={onClick}
      onMouseOver={onMouseOver}
      onMouseLeave={() => setOver(null)}
      className="border-collapse text-12"
    >
      <thead>
        <tr>
          <td aria-hidden className="h-[104px]" />
          {destinations.map((name, column) => (
            <th key={name} scope="col" className="relative w-6 min-w-6 p-0 align-bottom font-normal">
              <button
                {...stopAt(-1, column, stop.row === -1 && stop.column === column)}
                title={`${name}: show only its calls`}
                className={`-rotate-[50deg] absolute bottom-1.5 left-2.5 block max-w-[124px] origin-bottom-left truncate text-left hover:underline ${lit?.column === column ? 'font-semibold text-ink' : 'text-ink-2'}`}
              >
                {name}
              </button>
            </th>
          ))}
          <td aria-hidden className="w-20 min-w-20" />
        </tr>
      </thead>
      <tbody>
        {sources.map((source, row) => (
          <MatrixRow
            key={source}
            source={source}
            row={row}
            destinations={destinations}
            squares={squares[row] ?? []}
            isLit={lit?.row === row}
            litColumn={lit?.column ?? null}
            stopColumn={stop.row === row ? stop.column : null}
            chosenColumn={chosenPlace?.row === row ? chosenPlace.column : null}
          />
        ))}
      </tbody>
    </table>
  )
}

function placeIn({ sources, destinations }: AccessMatrix, chosen: Props['chosen']): Place | null {
  if (chosen === null) return null
  const place = { row: sources.indexOf(chosen.source), column: destinations.indexOf(chosen.destination) }
  return place.row === -1 || place.column === -1 ? null : place
}

/** By row and column. */
function squaresOf({ sources, destinations, cells }: AccessMatrix): (Square | undefined)[][] {
  const [rowOf, columnOf] = [placesOf(sources), placesOf(destinations)]
  const most = cells.reduce((found, { calls }) => Math.max(found, calls), 1)
  const rows = sources.map(() => new Array<Square | undefined>(destinations.length).fill(undefined))
  for (const cell of cells) {
    const [row, column] = [rowOf.get(cell.source), columnOf.get(cell.destination)]
    const squares = row === undefined ? undefined : rows[row]
    if (squares !== undefined && column !== undefined) squares[column] = { cell, size: sizeOf(cell, most) }
  }
  return rows
}

const placesOf = (names: readonly string[]): Map<string, number> => new Map(names.map((name, i) => [name, i]))

/** 8 to 16 px, by the logarithm of the volume: a tenth of the calls is a step smaller, not a dot. */
function sizeOf({ calls }: MatrixCell, most: number): number {
  const share = most <= 1 ? 1 : Math.log(1 + calls) / Math.log(1 + most)
  return Math.round(8 + 8 * share)
}
