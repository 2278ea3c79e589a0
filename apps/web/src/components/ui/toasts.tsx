// Ten seconds in which an apply can be taken back; they pause while the toast is under the hand.
'use client'
import { Undo2 } from 'lucide-react'
import { usePathname } from 'next/navigation'
import { useEffect, useState } from 'react'
import { toast } from 'sonner'
import { useIsAsApplied } from '@/components/traffic/useUndo'
import { Button } from '@/components/ui/button'
import { StatusMark } from '@/components/ui/status'

const UNDO_MS = 10_000

/** `revision`: the change that Undo takes back; the toast goes once that is no longer the newest state, or with the page. */
export function showApplied(text: string, onUndo: () => void, revision: number): void {
  toast.custom((id) => <UndoToast id={id} text={text} revision={revision} onUndo={onUndo} />, { duration: UNDO_MS })
}

interface UndoProps {
  id: string | number
  text: string
  revision: number
  onUndo: () => void
}

function UndoToast({ id, text, revision, onUndo }: Readonly<UndoProps>) {
  const path = usePathname()
  const [from] = useState(path)
  const isAsApplied = useIsAsApplied(revision)
  const isOver = path !== from || isAsApplied === false
  useEffect(() => {
    if (isOver) toast.dismiss(id)
  }, [id, isOver])
  return (
    <div className="flex w-full items-center gap-3 rounded-3 bg-raised py-2 pr-2 pl-4 text-13 text-ink shadow-pop md:min-w-96">
      <StatusMark state="healthy" />
      <span className="flex-1 font-medium">{text}</span>
      <Button
        size="small"
        disabled={isOver}
        onClick={() => {
          toast.dismiss(id)
          onUndo()
        }}
      >
        <Undo2 size={14} aria-hidden />
        Undo
      </Button>
    </div>
  )
}

export { showDone, showFailure } from './notices'
