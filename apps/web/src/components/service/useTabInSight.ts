// Where there is no room for all tabs, the one that is open is in sight. The row alone is moved, never the page.
'use client'
import { type RefObject, useEffect, useRef } from 'react'

/** `where`: all that the tabs' places depend on. For the open tab, whose row is a `nav`. */
export function useTabInSight(where: string): RefObject<HTMLLIElement | null> {
  const open = useRef<HTMLLIElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is measured depends on it
  useEffect(() => {
    const row = open.current?.closest('nav')
    if (open.current === null || row == null) return
    const [tab, room] = [open.current.getBoundingClientRect(), row.getBoundingClientRect()]
    if (tab.right > room.right) row.scrollLeft += tab.right - room.right
    else if (tab.left < room.left) row.scrollLeft -= room.left - tab.left
  }, [where])
  return open
}
