// The console's keys, heard in one place. Single keys do nothing while somebody types, while a dialog is open, or when
// they are turned off (WCAG 2.2, 2.1.4); ⌘K and Ctrl-K always work.
'use client'
import { useRouter, useSearchParams } from 'next/navigation'
import { useEffect, useRef } from 'react'
import { actOf } from '@/data/keys'
import { withQuery } from '@/lib/routes'

const SECOND_KEY_MS = 1_000

interface Acts {
  onPalette: () => void
  onKeys: () => void
}

export function useKeys({ onPalette, onKeys }: Acts): void {
  const router = useRouter()
  const query = useSearchParams()
  const latest = useRef({ onPalette, onKeys, go: (href: string) => router.push(withQuery(href, query)) })
  latest.current = { onPalette, onKeys, go: (href) => router.push(withQuery(href, query)) }
  useEffect(() => {
    let before: { key: string; at: number } | null = null
    const hear = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && !event.altKey && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        latest.current.onPalette()
        return
      }
      const { target } = event
      const isTyping = target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]')
      const isOff = document.documentElement.dataset.shortcuts === 'off'
      const isCovered = document.querySelector('[role="dialog"], [role="menu"]') !== null
      if (event.defaultPrevented || isOff || isTyping || isCovered || event.ctrlKey || event.metaKey || event.altKey)
        return
      const recent = before !== null && event.timeStamp - before.at < SECOND_KEY_MS ? before.key : null
      before = { key: event.key, at: event.timeStamp }
      const act = actOf(event.key, recent)
      if (act === null) return
      event.preventDefault()
      before = null
      if (act.act === 'keys') latest.current.onKeys()
      else if (act.act === 'go') latest.current.go(act.href)
      else stepRow(act.by)
    }
    document.addEventListener('keydown', hear)
    return () => document.removeEventListener('keydown', hear)
  }, [])
}

/** Puts the focus on the link of the next row: Enter then opens it. */
function stepRow(by: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLElement>('main a.row-link')].filter(
    (link) => link.getClientRects().length > 0,
  )
  const at = links.findIndex((link) => link.matches(':focus'))
  const next = at === -1 ? (by === 1 ? 0 : links.length - 1) : at + by
  links[next]?.focus()
}
