// Of a long table only the rows in sight are drawn, with room in the place of the others; a short one is drawn whole, so
// that the browser's own search finds everything in it.
'use client'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useLayoutEffect, useRef, useState } from 'react'

/** As long as a table may be and still be drawn whole. */
const SHORT = 100
/** Rows drawn beyond the edges of the window: what a turn of the wheel or a few presses of Tab reach. */
const BEYOND = 10

interface Options {
  count: number
  /** Height of a row that was not measured yet, in pixels. */
  rowPx: number
  /** By what heights are remembered, where rows differ in height; another function measures all anew. */
  keyOf?: (index: number) => string
}

interface RowsInView {
  table: RefObject<HTMLTableElement | null>
  /** In order. */
  shown: readonly number[]
  /** Pixels that stand for the rows before and after. */
  above: number
  below: number
  /** Of each row or body with its `data-index`; undefined where the table is drawn whole. */
  measure: ((element: Element | null) => void) | undefined
}

export function useRowsInView({ count, rowPx, keyOf }: Options): RowsInView {
  const table = useRef<HTMLTableElement>(null)
  const isShort = count <= SHORT
  const [scrollMargin, setScrollMargin] = useState(0)
  // Measured after each drawing: what stands above the table comes and goes.
  useLayoutEffect(() => {
    if (isShort) return
    const top = table.current === null ? 0 : table.current.getBoundingClientRect().top + window.scrollY
    setScrollMargin((known) => (Math.abs(known - top) < 1 ? known : top))
  })
  const rows = useWindowVirtualizer({
    count,
    enabled: !isShort,
    estimateSize: () => rowPx,
    overscan: BEYOND,
    scrollMargin,
    ...(keyOf === undefined ? {} : { getItemKey: keyOf }),
  })
  if (isShort)
    return { table, shown: Array.from({ length: count }, (_, i) => i), above: 0, below: 0, measure: undefined }
  const items = rows.getVirtualItems()
  const begin = (items[0]?.start ?? scrollMargin) - scrollMargin
  const end = (items.at(-1)?.end ?? scrollMargin) - scrollMargin
  return {
    table,
    shown: items.map(({ index }) => index),
    above: Math.max(0, begin),
    below: Math.max(0, rows.getTotalSize() - end),
    measure: rows.measureElement,
  }
}
