// Opens the page's stream again where nobody else would, and at once when somebody comes back to the page.
'use client'
import { useEffect, useRef } from 'react'
import { type Connection, Reopening } from '@/data/reopening'

export function useReopening(connection: Connection, reopen: () => void): void {
  const reopening = useRef<Reopening>(undefined)
  useEffect(() => {
    const made = new Reopening({
      reopen,
      random: Math.random,
      wait: (ms, then) => {
        const timer = setTimeout(then, ms)
        return () => clearTimeout(timer)
      },
    })
    reopening.current = made
    const wake = () => {
      if (!document.hidden) made.wake()
    }
    document.addEventListener('visibilitychange', wake)
    window.addEventListener('online', wake)
    return () => {
      document.removeEventListener('visibilitychange', wake)
      window.removeEventListener('online', wake)
      made[Symbol.dispose]()
    }
  }, [reopen])
  useEffect(() => reopening.current?.told(connection), [connection])
}
