// Before a rule is enforced: what it says, what it would have done, and the difference as YAML and as a command.
'use client'
import type { AccessRule } from '@heddle/shared/resources/accessRule'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { ResourceDiff } from '@/components/ui/resourceDiff'
import type { Replay } from '@/server/schemas/accessPreview'
import { PreviewRows, PreviewSummary } from './preview'

interface Props {
  /** null: closed. */
  rule: AccessRule | null
  before: AccessRule | null
  replay: Replay | null
  warnings: readonly string[]
  isBusy: boolean
  onConfirm: () => void
  onClose: () => void
}

export function ReviewRule({ rule, before, replay, warnings, isBusy, onConfirm, onClose }: Readonly<Props>) {
  if (rule === null) return null
  const { name } = rule.metadata
  const act = before === null || before.spec.mode === 'audit' ? 'Enforce' : 'Save'
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`${act} the rule ${name}?`}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            Keep editing
          </Button>
          <Button look="primary" disabled={isBusy} onClick={onConfirm}>
            {act} {name}
          </Button>
        </>
      }
    >
      {replay === null ? (
        <p className="text-ink-2">What it would have done could not be read, so only the difference describes it.</p>
      ) : (
        <div className="flex flex-col gap-3">
          <PreviewSummary replay={replay} />
          <PreviewRows replay={replay} onAllowToo={null} />
        </div>
      )}
      {warnings.map((warning) => (
        <p key={warning} className="mt-2 text-warn-text">
          {warning}
        </p>
      ))}
      <div className="mt-4">
        <ResourceDiff before={before} after={rule} what={`AccessRule ${name}`} />
      </div>
    </Dialog>
  )
}
