// Deleting a rule, with what the calls of the last 24 hours would have come to without it.
'use client'
import { useQuery } from '@tanstack/react-query'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import type { AccessRow } from '@/data/accessRows'
import { useTRPC } from '@/trpc/client'
import { PreviewRows, PreviewSummary } from './preview'

interface Props {
  row: AccessRow
  isOpen: boolean
  isBusy: boolean
  onConfirm: () => void
  onClose: () => void
}

export function DeleteRule({ row, isOpen, isBusy, onConfirm, onClose }: Readonly<Props>) {
  const trpc = useTRPC()
  const { name } = row.rule.metadata
  const preview = useQuery(trpc.access.preview.queryOptions({ remove: name }, { enabled: isOpen, retry: false }))
  const replay = preview.data?.replay ?? null
  return (
    <Dialog
      open={isOpen}
      onOpenChange={(open) => !open && onClose()}
      title={`Delete the rule ${name}?`}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            Keep it
          </Button>
          <Button look="danger" disabled={isBusy} onClick={onConfirm}>
            Delete {name}
          </Button>
        </>
      }
    >
      <p className="mb-3 text-14 text-ink-2">{row.sentence}</p>
      {replay !== null ? (
        <>
          <PreviewSummary replay={replay} />
          <PreviewRows replay={replay} onAllowToo={null} />
        </>
      ) : (
        preview.isError && <p className="text-ink-2">What it would change could not be read.</p>
      )}
      <p className="mt-3 text-ink-2">Deleting is a change like any other and can be reverted.</p>
    </Dialog>
  )
}
