// The matrix: callers as rows, services as columns, size by volume, and what the rules said as a square. One tab stop;
// arrow keys go through cells and heads, Enter asks the tester about a cell or shows one service's neighbourhood.
'use client'
import { type KeyboardEvent, useRef, useState } from 'react'
import { AccessMark } from '@/components/ui/accessMark'
import { moved, type Place } from '@/data/gridKeys'
import { formatCount } from '@/data/numbers'
import { OUTSIDE_NAME, VERDICT_TEXT } from '@/data/verdicts'
import type { AccessMatrix, MatrixCell } from '@/server/schemas/accessPreview'

interface Props {
  matrix: AccessMatrix
  label: string
  /** The tester's question. */
  chosen: { source: string; destination: string } | null
  onAsk: (source: string, destination: string) => void
  onService: (service: string) => void
}

const key = (source: string, destination: string) => `${source}\n${destination}`

export function MatrixGrid({ matrix, label, chosen, onAsk, onService }: Readonly<Props>) {
  const { sources, destinations } = matrix
  const cells = new Map(matrix.cells.map((cell) => [key(cell.source, cell.destination), cell]))
  const most = Math.max(1, ...matrix.cells.map(({ calls }) => calls))
  const [here, setHere] = useState<Place>({ row: 0, column: 0 })
  const [over, setOver] = useState<Place | null>(null)
  const table = useRef<HTMLTableElement>(null)
  const stop = { row: Math.min(here.row, sources.length - 1), column: Math.min(here.column, destinations.length - 1) }
  const [isInside, setIsInside] = useState(false)
  const lit = over ?? (isInside ? stop : placeOf(matrix, chosen))

  const onKeyDown = (event: KeyboardEvent) => {
    const size = { rows: sources.length, columns: destinations.length }
    const next = moved(stop, event.key, size, event.ctrlKey || event.metaKey)
    if (next === null) return
    event.preventDefault()
    setHere(next)
    setOver(null)
    table.current?.querySelector<HTMLElement>(`[data-place="${next.row},${next.column}"]`)?.focus()
  }
  const shared = (row: number, column: number) => ({
    type: 'button' as const,
    'data-place': `${row},${column}`,
    tabIndex: stop.row === row && stop.column === column ? 0 : -1,
    onFocus: () => {
      setHere({ row, column })
      setIsInside(true)
    },
    onBlur: () => setIsInside(false),
    onMouseEnter: () => setOver({ row, column }),
  })
  const isLit = (row: number, column: number) => lit !== null && (lit.row === row || lit.column === column)
  return (
    <table
      ref={table}
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table that is walked through by keys is a grid.
      role="grid"
      aria-label={label}
      onKeyDown={onKeyDown}
      onMouseLeave={() => setOver(null)}
      className="border-collapse text-12"
    >
      <thead>
        <tr>
          <td aria-hidden className="h-[104px]" />
          {destinations.map((name, column) => (
            <th key={name} scope="col" className="relative w-6 min-w-6 p-0 align-bottom font-normal">
              <button
                {...shared(-1, column)}
                title={`${name}: show only its calls`}
                onClick={() => onService(name)}
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
          <tr key={source}>
            <th scope="row" className="max-w-[132px] p-0 pr-2.5 text-right font-normal">
              <button
                {...shared(row, -1)}
                title={source === 'public' ? undefined : `${source}: show only its calls`}
                onClick={() => source !== 'public' && onService(source)}
                className={`h-6 max-w-full truncate hover:underline ${lit?.row === row ? 'font-semibold text-ink' : 'text-ink-2'}`}
              >
                {nameOf(source)}
              </button>
            </th>
            {destinations.map((destination, column) => (
              <td key={destination} className={`border border-line p-0 ${isLit(row, column) ? 'bg-hover' : ''}`}>
                <button
                  {...shared(row, column)}
                  aria-label={cellText(source, destination, cells.get(key(source, destination)))}
                  aria-pressed={chosen?.source === source && chosen.destination === destination}
                  title={cellText(source, destination, cells.get(key(source, destination)))}
                  onClick={() => onAsk(source, destination)}
                  className="-outline-offset-2 grid size-6 place-items-center aria-pressed:shadow-[inset_0_0_0_2px_var(--accent)]"
                >
                  <Square cell={cells.get(key(source, destination))} most={most} />
                </button>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function placeOf({ sources, destinations }: AccessMatrix, chosen: Props['chosen']): Place | null {
  if (chosen === null) return null
  const place = { row: sources.indexOf(chosen.source), column: destinations.indexOf(chosen.destination) }
  return place.row === -1 || place.column === -1 ? null : place
}

/** 8 to 16 px, by the logarithm of the volume: a tenth of the calls is a step smaller, not a dot. */
function Square({ cell, most }: Readonly<{ cell: MatrixCell | undefined; most: number }>) {
  if (cell === undefined) return null
  const share = most <= 1 ? 1 : Math.log(1 + cell.calls) / Math.log(1 + most)
  return <AccessMark state={cell.verdict} size={Math.round(8 + 8 * share)} />
}

const nameOf = (source: string) => (source === 'public' ? OUTSIDE_NAME : source)

function cellText(source: string, destination: string, cell: MatrixCell | undefined): string {
  if (cell === undefined) return `${nameOf(source)} did not call ${destination}`
  const calls = `${nameOf(source)} called ${destination} ${formatCount(cell.calls)} times`
  if (cell.verdict === 'deny') return `${calls}: ${formatCount(cell.denied)} denied`
  if (cell.verdict === 'audit') return `${calls}: ${formatCount(cell.wouldBeDenied)} would be denied`
  return `${calls}: ${VERDICT_TEXT[cell.verdict].toLowerCase()}`
}
