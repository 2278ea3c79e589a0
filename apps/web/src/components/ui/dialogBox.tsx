// The box of a dialog, loaded when the first one opens.
'use client'
import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import { buttonClass } from './button'
import type { DialogProps } from './dialog'

const CLOSING: ReadonlySet<string> = new Set(['escape-key', 'close-press', 'outside-press'])

export function DialogBox({ open, onOpenChange, title, children, footer, mustAnswer = false }: Readonly<DialogProps>) {
  return (
    <Base.Root
      open={open}
      disablePointerDismissal={mustAnswer}
      onOpenChange={(next, { reason }) => {
        // Only what a hand did closes it. One dialog that gives way to another loses the focus by itself, and the
        // press that ended the first must not end the second.
        if (next || CLOSING.has(reason)) onOpenChange(next)
      }}
    >
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-(--z-dialog) bg-scrim transition-opacity duration-(--t) data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup className="-translate-x-1/2 fixed top-[max(24px,16vh)] left-1/2 z-(--z-dialog) flex max-h-[calc(100dvh-48px)] w-[min(640px,calc(100vw-32px))] flex-col rounded-3 bg-raised shadow-dialog transition-opacity duration-(--t) data-ending-style:opacity-0 data-starting-style:opacity-0 md:max-h-[76vh] max-md:top-auto max-md:bottom-0 max-md:max-h-[92dvh] max-md:w-full max-md:rounded-b-none">
          <div className="flex items-start justify-between gap-4 px-6 pt-5 max-md:px-4">
            <Base.Title className="font-semibold text-16">{title}</Base.Title>
            <Base.Close
              aria-label="Close"
              className={buttonClass({ look: 'quiet', size: 'icon', className: '-mt-1 -mr-2' })}
            >
              <X size={16} aria-hidden />
            </Base.Close>
          </div>
          <div className="min-h-0 overflow-y-auto px-6 pt-1 pb-6 max-md:px-4">{children}</div>
          {footer !== undefined && (
            <div className="flex flex-wrap items-center justify-end gap-3 border-line border-t px-6 py-3.5 max-md:px-4">
              {footer}
            </div>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
