// Short words at the foot of the page: what was done, and what could not be.
'use client'
import { toast } from 'sonner'
import { Button } from '@/components/ui/button'
import { StatusMark } from '@/components/ui/status'

export function showDone(text: string): void {
  toast.custom(
    () => (
      <div className="flex w-full items-center gap-3 rounded-3 bg-raised px-4 py-3 text-13 text-ink shadow-pop">
        <StatusMark state="healthy" />
        <span className="font-medium">{text}</span>
      </div>
    ),
    { duration: 4_000 },
  )
}

/** What could not be done stays until it is closed. */
export function showFailure(text: string): void {
  toast.custom(
    (id) => (
      <div
        role="alert"
        className="flex w-full items-center gap-3 rounded-3 bg-raised py-2 pr-2 pl-4 text-13 text-ink shadow-pop"
      >
        <StatusMark state="failing" />
        <span className="flex-1">{text}</span>
        <Button size="small" look="quiet" onClick={() => toast.dismiss(id)}>
          Close
        </Button>
      </div>
    ),
    { duration: Number.POSITIVE_INFINITY },
  )
}
