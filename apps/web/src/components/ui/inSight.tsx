// A part of a page that is drawn anew for numbers only where somebody sees it, or is about to. Elsewhere it stays as it was
// drawn last, in the page all the same: for the browser's search, for those who have it read aloud, and for tests.
'use client'
import { type ReactNode, type RefObject, useLayoutEffect, useRef, useState } from 'react'
import { type LastDrawn, mayStay } from '@/data/outOfSight'

/** So far beyond the window it is drawn along: what a turn of the wheel brings into sight is of now. */
const MARGIN = '400px 0px'

interface Props {
  children: ReactNode
  /** All that it shows but numbers, and how long their range is: where this is another, it is drawn at once. */
  shape: string
  /** The end of the range that its numbers are of, milliseconds since the epoch. */
  to: number
  /** The element around it. */
  as?: 'div' | 'tbody' | 'h3'
}

interface Kept extends LastDrawn {
  children: ReactNode
}

export function InSight({ children, shape, to, as: Around = 'div' }: Readonly<Props>) {
  const place = useRef<HTMLDivElement & HTMLTableSectionElement & HTMLHeadingElement>(null)
  const isInSight = useIsInSight(place)
  const kept = useRef<Kept | null>(null)
  const last = kept.current
  const stays = mayStay(last, { shape, to, isInSight })
  if (!stays) kept.current = { children, shape, to }
  return <Around ref={place}>{stays ? last?.children : children}</Around>
}

/** True until the browser has told otherwise. */
function useIsInSight(place: RefObject<Element | null>): boolean {
  const [isInSight, setInSight] = useState(true)
  useLayoutEffect(() => (place.current === null ? undefined : watch(place.current, setInSight)), [place])
  return isInSight
}

/** One for all parts of a page, of which there may be dozens. */
let observer: IntersectionObserver | undefined
const watched = new WeakMap<Element, (isInSight: boolean) => void>()

function watch(element: Element, tell: (isInSight: boolean) => void): () => void {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) watched.get(target)?.(isIntersecting)
    },
    { rootMargin: MARGIN },
  )
  watched.set(element, tell)
  observer.observe(element)
  return () => {
    watched.delete(element)
    observer?.unobserve(element)
  }
}

const GROUP = 10

interface RowsProps<Row> {
  rows: readonly Row[]
  /** What the rows are of: a service. */
  of: string
  /** What their numbers are of, milliseconds since the epoch. */
  range: { from: number; to: number }
  /** All that a row shows but numbers. */
  shapeOf: (row: Row) => unknown
  /** A row of the table, with its key. */
  children: (row: Row) => ReactNode
}

/** The body of a table of which a part is in sight: in groups, each by itself. */
export function RowsInSight<Row>({ rows, of, range: { from, to }, shapeOf, children }: Readonly<RowsProps<Row>>) {
  const groups = Array.from({ length: Math.ceil(rows.length / GROUP) }, (_, i) => ({
    begin: i * GROUP,
    group: rows.slice(i * GROUP, (i + 1) * GROUP),
  }))
  return groups.map(({ begin, group }) => (
    <InSight as="tbody" key={begin} to={to} shape={JSON.stringify([of, to - from, ...group.map(shapeOf)])}>
      {group.map(children)}
    </InSight>
  ))
}
