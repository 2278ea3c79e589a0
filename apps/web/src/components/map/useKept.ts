// The picture's library draws again what is another object: what would look the same stays the object that it was.
'use client'
import { useLayoutEffect, useRef } from 'react'

/**
 * The same list where nothing in it is another, in the order in which they came: the busiest first would move hundreds of
 * elements with each tick. `isAlike`: whether two of the same id look alike.
 */
export function useKept<T extends { id: string }>(items: readonly T[], isAlike: (a: T, b: T) => boolean): T[] {
  const kept = useRef<{ list: T[]; byId: ReadonlyMap<string, T> }>({ list: [], byId: new Map() })
  const { list, byId } = kept.current
  const now = new Map(items.map((item) => [item.id, item]))
  const known = list.flatMap((before) => {
    const item = now.get(before.id)
    if (item === undefined) return []
    return [isAlike(before, item) ? before : item]
  })
  const next = [...known, ...items.filter(({ id }) => !byId.has(id))]
  const isUnchanged = next.length === list.length && next.every((item, i) => item === list[i])
  const shown = isUnchanged ? list : next
  useLayoutEffect(() => {
    if (kept.current.list !== shown) kept.current = { list: shown, byId: new Map(shown.map((item) => [item.id, item])) }
  })
  return shown
}
