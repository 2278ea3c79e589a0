// Between the key that opens a field and the field's having the focus lies the loading of its code: what is typed then is
// kept for it, and is no shortcut.
'use client'
import { useEffect, useRef } from 'react'
import { typedAhead } from '@/data/typedAhead'

interface TypedAhead {
  /** `onCancel`: Escape was pressed before the field was there. */
  begin: (onCancel: () => void) => void
  /** The field has the focus: what was typed until then. */
  end: () => string
}

export function useTypedAhead(): TypedAhead {
  const text = useRef('')
  const cancel = useRef(() => {})
  const hear = useRef((event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'Escape') cancel.current()
    const next = typedAhead(text.current, event.key)
    if (next === text.current) return
    text.current = next
    event.preventDefault()
    event.stopPropagation()
  })
  const stop = () => document.removeEventListener('keydown', hear.current, { capture: true })
  useEffect(() => {
    const own = hear.current
    return () => document.removeEventListener('keydown', own, { capture: true })
  }, [])
  return {
    begin: (onCancel) => {
      text.current = ''
      cancel.current = onCancel
      document.addEventListener('keydown', hear.current, { capture: true })
    },
    end: () => {
      stop()
      const typed = text.current
      text.current = ''
      return typed
    },
  }
}
