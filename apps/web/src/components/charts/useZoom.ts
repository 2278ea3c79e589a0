// Zooming from a chart: a stretch that was dragged over becomes the page's one range, which turns live off; "z", two
// presses on a chart or the button go back to where one came from.
'use client'
import { useEffect, useRef } from 'react'
import { meshNow } from '@/components/frame/clock'
import { useRange } from '@/components/frame/useRange'

export interface Zoom {
  isFrozen: boolean
  /** Milliseconds since the epoch. */
  zoomIn: (from: number, to: number) => void
  zoomOut: () => void
}

export function useZoom(): Zoom {
  const range = useRange()
  const zoomOut = () => range.zoomOut(meshNow())
  const newest = useRef(zoomOut)
  newest.current = zoomOut
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { target, key } = event
      const isTyping = target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]')
      const isOff = document.documentElement.dataset.shortcuts === 'off'
      if (key !== 'z' || isOff || isTyping || event.ctrlKey || event.metaKey || event.altKey) return
      newest.current()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
  return {
    isFrozen: range.frozen !== null,
    zoomIn: (from, to) => range.zoomIn(from, to, meshNow()),
    zoomOut,
  }
}
