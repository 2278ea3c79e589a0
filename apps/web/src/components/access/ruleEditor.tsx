// Editing one rule in place: the sentence, what it means, and the acts. A stale edit is refused and shows who was faster.
'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { usePermission } from '@/components/frame/usePermission'
import { useUndo } from '@/components/traffic/useUndo'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { GuardedButton } from '@/components/ui/permission'
import { StatusMark } from '@/components/ui/status'
import { TextField } from '@/components/ui/textField'
import { showApplied, showDone } from '@/components/ui/toasts'
import { describeFailure, type Failure } from '@/data/failure'
import { draftOf, fitsSentence, newDraft, type RuleDraft, ruleOf, suggestedName } from '@/data/ruleDraft'
import { lengthText } from '@/data/timeRange'
import type { AccessRow } from '@/server/schemas/access'
import { useTRPC } from '@/trpc/client'
import { RuleSentence } from './ruleSentence'

interface Props {
  /** null: a new rule. */
  row: AccessRow | null
  /** Somebody has deleted it meanwhile: saving makes it again. */
  isGone?: boolean
  services: readonly string[]
  taken: readonly string[]
  /** Service of a new rule. */
  service: string
  onClose: () => void
}

export function RuleEditor({ row, isGone = false, services, taken, service, onClose }: Readonly<Props>) {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const permission = usePermission('rule.write')
  const [base, setBase] = useState(row)
  const [draft, setDraft] = useState<RuleDraft>(() => (row === null ? newDraft(service) : draftOf(row.rule)))
  const [wantsDelete, setWantsDelete] = useState(false)
  const [mistake, setMistake] = useState<string | null>(null)
  const undo = useUndo(() => undefined)

  const done = (text: string, revision: number | null) => {
    void queries.invalidateQueries({ queryKey: trpc.access.list.queryKey() })
    if (revision === null) showDone('Nothing to change: the rule says this already')
    else showApplied(text, () => undo.mutate({ revision }))
    onClose()
  }
  const save = useMutation(
    trpc.access.save.mutationOptions({
      onSuccess: (result, { rule }) =>
        done(`${row === null ? 'Added' : 'Saved'} ${rule.metadata.name}`, result.revision),
    }),
  )
  const remove = useMutation(
    trpc.access.remove.mutationOptions({
      onSuccess: (result, { name }) => done(`Deleted ${name}`, result.revision),
      onError: () => setWantsDelete(false),
    }),
  )
  const submit = (mode: RuleDraft['mode']) => {
    const name = row === null && draft.name === '' ? suggestedName(draft, taken) : draft.name
    const built = ruleOf({ ...draft, mode, name }, base?.rule ?? null)
    setMistake(built.mistake)
    if (built.rule !== null)
      save.mutate({ rule: built.rule, resourceVersion: isGone ? null : (base?.resourceVersion ?? null) })
  }
  const failure = save.isError ? describeFailure(save.error) : remove.isError ? describeFailure(remove.error) : null
  const canEdit = permission?.allowed === true
  const isBusy = save.isPending || remove.isPending
  return (
    <div className="border-line border-b py-4 md:pl-8">
      <RuleSentence
        draft={draft}
        services={services}
        hasPaths={base === null || fitsSentence(base.rule)}
        disabled={!canEdit}
        onChange={(next) => {
          setDraft(next)
          setMistake(null)
        }}
      />
      <p className="mt-2 text-ink-2">{meaning(draft)}</p>
      {row === null && (
        <TextField
          label="Name"
          className="mt-3 max-w-80"
          placeholder={suggestedName(draft, taken)}
          value={draft.name}
          onChange={(event) => setDraft({ ...draft, name: event.target.value })}
        />
      )}
      {mistake !== null && (
        <p role="alert" className="mt-3 text-fail-text">
          {mistake}
        </p>
      )}
      {failure !== null && (
        <Refused
          failure={failure}
          onLoadTheirs={() => {
            const newest = row
            if (newest === null) return
            setBase(newest)
            setDraft(draftOf(newest.rule))
            save.reset()
            remove.reset()
          }}
        />
      )}
      <div className="mt-4 flex flex-wrap items-center gap-3">
        <GuardedButton permission={permission} look="primary" disabled={isBusy} onClick={() => submit(draft.mode)}>
          {`${row === null ? 'Add rule' : isGone ? 'Add it again' : 'Save'}, ${draft.mode === 'audit' ? 'auditing' : 'enforced'}`}
        </GuardedButton>
        <Button look="quiet" onClick={onClose}>
          Cancel
        </Button>
        {row !== null && !isGone && (
          <GuardedButton
            permission={permission}
            look="danger"
            className="ml-auto"
            disabled={isBusy}
            onClick={() => setWantsDelete(true)}
          >
            Delete rule
          </GuardedButton>
        )}
      </div>
      {row !== null && base !== null && (
        <Dialog
          open={wantsDelete && !isGone}
          onOpenChange={setWantsDelete}
          title={`Delete the rule ${row.rule.metadata.name}?`}
          footer={
            <>
              <Button look="quiet" onClick={() => setWantsDelete(false)}>
                Keep it
              </Button>
              <Button
                look="danger"
                disabled={isBusy}
                onClick={() => remove.mutate({ name: row.rule.metadata.name, resourceVersion: base.resourceVersion })}
              >
                Delete {row.rule.metadata.name}
              </Button>
            </>
          }
        >
          <p className="text-14 text-ink-2">{row.sentence}</p>
          <p className="mt-2 text-ink-2">
            It decided {row.hits.allowed + row.hits.denied} calls in this range. Deleting is a change like any other and
            can be reverted.
          </p>
        </Dialog>
      )}
    </div>
  )
}

function meaning(draft: RuleDraft): string {
  const audit = draft.mode === 'audit' ? ' While it audits, this rule decides nothing and counts what it would.' : ''
  return draft.action === 'Allow'
    ? `A target with an Allow rule is closed to everyone else.${audit}`
    : `Deny beats every Allow.${audit}`
}

function Refused({ failure, onLoadTheirs }: Readonly<{ failure: Failure; onLoadTheirs: () => void }>) {
  const change = failure.data?.change
  return (
    <div role="alert" className="mt-3 flex flex-wrap items-start gap-3 rounded-2 bg-warn-tint px-3 py-2.5">
      <StatusMark state={failure.code === 'stale' ? 'degraded' : 'failing'} className="mt-1" />
      <p className="min-w-52 flex-1">
        {change !== undefined ? (
          <>
            <span className="font-medium">
              {change.actor} changed this rule {lengthText(Date.now() - change.at)} ago. Yours was not saved.
            </span>{' '}
            {change.summary}
          </>
        ) : (
          failure.message
        )}
        {failure.code !== 'stale' && failure.requestId !== null && (
          <span className="text-ink-3"> Request {failure.requestId}</span>
        )}
      </p>
      {failure.code === 'stale' && (
        <Button size="small" onClick={onLoadTheirs}>
          Load theirs
        </Button>
      )}
    </div>
  )
}
