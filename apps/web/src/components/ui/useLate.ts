// A control whose popup is loaded when somebody is about to use it: until then a button stands in for it, the press that
// called for the popup is made again on the real one, and what is typed meanwhile is kept for it.
'use client'
import { type ComponentType, type KeyboardEvent, type RefObject, useLayoutEffect, useRef, useState } from 'react'
import { showFailure } from './notices'

export interface LateProps {
  /** For the real control's button. */
  trigger: RefObject<HTMLButtonElement | null>
}

/** Of a popup in which one types. */
export interface TypedLateProps extends LateProps {
  /** What was typed before it was there; whoever takes it empties it. */
  typedEarly: RefObject<string>
}

/** `load` is called anew for each try; a module that is there already is not loaded again. */
export function useLate<Props extends LateProps>(load: () => Promise<ComponentType<Props>>) {
  const [Real, setReal] = useState<ComponentType<Props> | null>(null)
  const trigger = useRef<HTMLButtonElement>(null)
  const typedEarly = useRef('')
  const isCalled = useRef(false)
  // Before anything else can happen: between the two buttons a key would find nobody.
  useLayoutEffect(() => {
    if (Real === null) return
    trigger.current?.focus()
    trigger.current?.click()
  }, [Real])
  const warm = () => void load().catch(() => {})
  const use = () => {
    isCalled.current = true
    void load().then(
      (loaded) => setReal(() => loaded),
      () => {
        isCalled.current = false
        typedEarly.current = ''
        showFailure('The console did not answer. Try again.')
      },
    )
  }
  const standIn = {
    type: 'button',
    'aria-haspopup': true,
    'aria-expanded': false,
    onPointerEnter: warm,
    onFocus: warm,
    onClick: use,
    onKeyDown: (event: KeyboardEvent) => {
      if (isCalled.current && isText(event)) typedEarly.current += event.key
      else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') use()
      else return
      event.preventDefault()
    },
  } as const
  return { Real, trigger, typedEarly, standIn }
}

/** Whether a key types a character. */
export function isText({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return key.length === 1 && !ctrlKey && !metaKey && !altKey
}
