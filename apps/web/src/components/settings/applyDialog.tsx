// A change of resources before it is made: in a sentence, as diff, YAML and command; and what others did meanwhile.
'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useUndo } from '@/components/traffic/useUndo'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { ResourceDiff } from '@/components/ui/resourceDiff'
import { showApplied, showDone } from '@/components/ui/toasts'
import { describeFailure } from '@/data/failure'
import { formatRevision, plural } from '@/data/numbers'
import { useTRPC } from '@/trpc/client'

export interface Edit {
  /** "MeshSettings mesh". */
  what: string
  /** As it was read, with its version; null: it is made. */
  before: unknown
  after: unknown
}

interface Props {
  title: string
  sentence: ReactNode
  /** Names the act: "Apply these defaults". */
  act: string
  edits: readonly Edit[]
  onApplied: () => void
  onClose: () => void
}

/** So many are shown in full; the others are named. */
const SHOWN_EDITS = 3

export function ApplyDialog({ title, sentence, act, edits, onApplied, onClose }: Readonly<Props>) {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const undo = useUndo(() => undefined)
  const apply = useMutation(
    trpc.config.put.mutationOptions({
      onSuccess: async ({ revision, mistakes }) => {
        if (mistakes.length > 0) return
        if (revision === null) showDone('Nothing had to be changed')
        else showApplied(`${act}: done, as ${formatRevision(revision)}`, () => undo.mutate({ revision }), revision)
        onApplied()
        await queries.invalidateQueries()
      },
    }),
  )
  const failure = apply.isError ? describeFailure(apply.error) : null
  const change = failure?.data?.change
  const mistakes = apply.data?.mistakes ?? []
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            Keep editing
          </Button>
          <Button
            look="primary"
            disabled={apply.isPending || failure?.code === 'stale'}
            onClick={() => apply.mutate({ documents: edits.map(({ after }) => after) })}
          >
            {act}
          </Button>
        </>
      }
    >
      <p className="mb-4 text-14 text-ink-2">{sentence}</p>
      {failure !== null && (
        <p role="alert" className="mb-4 rounded-2 bg-fail-tint px-3 py-2.5">
          <span className="font-medium text-fail-text">
            {change === undefined ? failure.message : `${change.actor} was faster. Yours was not applied.`}
          </span>
          {change !== undefined &&
            ` ${formatRevision(change.revision)}: ${change.summary}. Keep editing to see it below yours.`}
        </p>
      )}
      {mistakes.length > 0 && (
        <ul role="alert" className="mb-4 rounded-2 bg-fail-tint px-3 py-2.5">
          {mistakes.map(({ path, message }) => (
            <li key={`${path.join('.')} ${message}`}>
              {path.length > 0 && <code className="font-mono text-12">{path.join('.')}</code>} {message}
            </li>
          ))}
        </ul>
      )}
      <div className="flex flex-col gap-5">
        {edits.slice(0, SHOWN_EDITS).map(({ what, before, after }) => (
          <ResourceDiff key={what} what={what} before={before} after={after} />
        ))}
      </div>
      {edits.length > SHOWN_EDITS && (
        <p className="mt-3 text-ink-2">
          And the same for {plural(edits.length - SHOWN_EDITS, 'more resource')}:{' '}
          {edits
            .slice(SHOWN_EDITS)
            .map(({ what }) => what)
            .join(', ')}
          .
        </p>
      )}
    </Dialog>
  )
}
