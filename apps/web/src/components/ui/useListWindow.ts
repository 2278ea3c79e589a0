// The rows of a long list that its page asks for: its table says what is in sight, and the next read is of that.
'use client'
import { useCallback, useEffect, useState } from 'react'
import { FIRST_WINDOW, type ListWindow, windowAround } from '@/data/listWindow'

/** Rows that were scrolled away are not shown again after so long; they would be of another time. */
export const LEFT_KEPT_MS = 30_000

export function useListWindow(): [ListWindow, (next: ListWindow) => void] {
  const [rows, setRows] = useState(FIRST_WINDOW)
  const onWindow = useCallback(
    (next: ListWindow) => setRows((now) => (now.from === next.from && now.count === next.count ? now : next)),
    [],
  )
  return [rows, onWindow]
}

/** `shown`: places of the rows that are drawn, in order. A table that is drawn whole is asked for whole. */
export function useAskedFor(shown: readonly number[], isInParts: boolean, onWindow: (next: ListWindow) => void): void {
  const { from, count } = isInParts ? windowAround(shown[0] ?? 0, shown.at(-1) ?? 0) : FIRST_WINDOW
  useEffect(() => onWindow({ from, count }), [onWindow, from, count])
}
