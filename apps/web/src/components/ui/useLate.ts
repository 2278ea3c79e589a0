// A control whose popup is loaded when somebody is about to use it: until then a button stands in for it, and the press
// that called for the popup is made again on the real one.
'use client'
import { type ComponentType, type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react'
import { showFailure } from './notices'

export interface LateProps {
  /** For the real control's button. */
  trigger: RefObject<HTMLButtonElement | null>
}

/** `load` is called anew for each try; a module that is there already is not loaded again. */
export function useLate<Props extends LateProps>(load: () => Promise<ComponentType<Props>>) {
  const [Real, setReal] = useState<ComponentType<Props> | null>(null)
  const trigger = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (Real === null) return
    trigger.current?.focus()
    trigger.current?.click()
  }, [Real])
  const warm = () => void load().catch(() => {})
  const use = () =>
    void load().then(
      (loaded) => setReal(() => loaded),
      () => showFailure('The console did not answer. Try again.'),
    )
  const standIn = {
    type: 'button',
    'aria-haspopup': true,
    'aria-expanded': false,
    onPointerEnter: warm,
    onFocus: warm,
    onClick: use,
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
      event.preventDefault()
      use()
    },
  } as const
  return { Real, trigger, standIn }
}
