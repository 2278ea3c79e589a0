// The one cursor of a stack of charts: the mouse moves it, and so do the arrow keys, Home and End.
'use client'
import { type KeyboardEvent, useState } from 'react'

export interface ChartCursor {
  /** Step under it; null: none. */
  index: number | null
  /** Where keys have put it: the charts follow. */
  byKeys: number | null
  follow: (index: number | null) => void
  onKeyDown: (event: KeyboardEvent) => void
}

/** `steps`: number of steps in the charts. */
export function useChartCursor(steps: number): ChartCursor {
  const [index, setIndex] = useState<number | null>(null)
  const [byKeys, setByKeys] = useState<number | null>(null)
  const last = Math.max(0, steps - 1)
  return {
    index,
    byKeys,
    follow: (next) => {
      setIndex(next)
      if (next === null) setByKeys(null)
    },
    onKeyDown: (event) => {
      const step = event.shiftKey ? 10 : 1
      const from = Math.min(last, index ?? last)
      const moves: Record<string, number> = { ArrowLeft: from - step, ArrowRight: from + step, Home: 0, End: last }
      const to = moves[event.key]
      if (to === undefined) {
        if (event.key === 'Escape') setIndex(null)
        return
      }
      event.preventDefault()
      const next = Math.min(last, Math.max(0, to))
      setByKeys(next)
      setIndex(next)
    },
  }
}
