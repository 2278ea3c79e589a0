// Before something is taken away: what that does, and a button that names it.
'use client'
import type { ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { describeFailure } from '@/data/failure'

interface Props {
  title: string
  act: string
  children: ReactNode
  isBusy: boolean
  error: unknown
  onConfirm: () => void
  onClose: () => void
}

export function ConfirmDialog({ title, act, children, isBusy, error, onConfirm, onClose }: Readonly<Props>) {
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      footer={
        <>
          {error !== null && (
            <p role="alert" className="mr-auto text-fail-text">
              {describeFailure(error).message}
            </p>
          )}
          <Button look="quiet" onClick={onClose}>
            Keep it
          </Button>
          <Button look="danger" disabled={isBusy} onClick={onConfirm}>
            {act}
          </Button>
        </>
      }
    >
      <div className="text-14 text-ink-2">{children}</div>
    </Dialog>
  )
}
