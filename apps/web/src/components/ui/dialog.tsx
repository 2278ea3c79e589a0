// A dialog in the middle (at the bottom on the phone): title, body, and a footer with the acts.
'use client'
import { lazy, type ReactNode, Suspense, useState } from 'react'

export interface DialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: ReactNode
  children: ReactNode
  footer?: ReactNode
  /** True: a press beside it does not close it. */
  mustAnswer?: boolean
}

const DialogBox = lazy(() => import('./dialogBox').then((module) => ({ default: module.DialogBox })))

export function Dialog(props: Readonly<DialogProps>) {
  // Once used it stays, so that closing is seen and gives the focus back.
  const [isUsed, setUsed] = useState(props.open)
  if (props.open && !isUsed) setUsed(true)
  if (!props.open && !isUsed) return null
  return (
    <Suspense>
      <DialogBox {...props} />
    </Suspense>
  )
}
