// A value once it has been still for a moment: nobody is asked about every letter.
'use client'
import { useEffect, useState } from 'react'

const STILL_MS = 250

/** `key`: what makes it another value. */
export function useSettled<T>(value: T, key: string): T {
  const [settled, setSettled] = useState({ value, key })
  useEffect(() => {
    if (settled.key === key) return
    const timer = setTimeout(() => setSettled({ value, key }), STILL_MS)
    return () => clearTimeout(timer)
  }, [value, key, settled.key])
  return settled.value
}
