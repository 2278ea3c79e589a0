// Editing one rule in place: the sentence, what it would have done, and the acts. A stale edit is refused and shows who
// was faster; enforcing asks once more.
'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { usePermission } from '@/components/frame/usePermission'
import { useUndo } from '@/components/traffic/useUndo'
import { Button } from '@/components/ui/button'
import { GuardedButton } from '@/components/ui/permission'
import { ResourceDiff, useDiffSoon } from '@/components/ui/resourceDiff'
import { TextField } from '@/components/ui/textField'
import { showApplied, showDone } from '@/components/ui/toasts'
import type { AccessRow } from '@/data/accessRows'
import { allowToo } from '@/data/allowToo'
import { describeFailure } from '@/data/failure'
import { draftOf, fitsSentence, newDraft, type RuleDraft, suggestedName } from '@/data/ruleDraft'
import { ruleOf } from '@/data/ruleOfDraft'
import { useTRPC } from '@/trpc/client'
import { DeleteRule } from './deleteRule'
import { PreviewRows, PreviewSummary } from './preview'
import { Refused } from './refused'
import { ReviewRule } from './reviewRule'
import { RuleSentence } from './ruleSentence'
import { usePreview } from './usePreview'

interface Props {
  /** null: a new rule. */
  row: AccessRow | null
  /** Somebody has deleted it meanwhile: saving makes it again. */
  isGone?: boolean
  services: readonly string[]
  /** Those of TCP. */
  opaque: readonly string[]
  taken: readonly string[]
  /** Service of a new rule; "": still to choose. */
  service: string
  onClose: () => void
}

export function RuleEditor({ row, isGone = false, services, opaque, taken, service, onClose }: Readonly<Props>) {
  const trpc = useTRPC()
  const queries = useQueryClient()
  useDiffSoon()
  const permission = usePermission('rule.write')
  const [base, setBase] = useState(row)
  const [draft, setDraft] = useState<RuleDraft>(() => (row === null ? newDraft(service) : draftOf(row.rule)))
  const [wantsDelete, setWantsDelete] = useState(false)
  const [wantsEnforce, setWantsEnforce] = useState(false)
  const [hasTried, setHasTried] = useState(false)
  const undo = useUndo(() => undefined)
  const canEdit = permission?.allowed === true

  const name = row === null && draft.name === '' ? suggestedName(draft, taken) : draft.name
  const build = (mode: RuleDraft['mode']) => ruleOf({ ...draft, mode, name }, base?.rule ?? null)
  const built = build(draft.mode)
  const preview = usePreview(built.rule)
  const enforced = build('enforce')
  const enforcedPreview = usePreview(wantsEnforce ? enforced.rule : null)

  const done = (text: string, revision: number | null) => {
    void queries.invalidateQueries({ queryKey: trpc.access.pathKey() })
    if (revision === null) showDone('Nothing to change: the rule says this already')
    else showApplied(text, () => undo.mutate({ revision }), revision)
    onClose()
  }
  const save = useMutation(
    trpc.access.save.mutationOptions({
      onSuccess: (result, { rule }) => done(`${savedWord(row, rule.spec.mode)} ${rule.metadata.name}`, result.revision),
      onError: () => setWantsEnforce(false),
    }),
  )
  const remove = useMutation(
    trpc.access.remove.mutationOptions({
      onSuccess: (result, { name: gone }) => done(`Deleted ${gone}`, result.revision),
      onError: () => setWantsDelete(false),
    }),
  )
  const submit = (mode: RuleDraft['mode']) => {
    const { rule } = build(mode)
    setHasTried(true)
    if (rule !== null) save.mutate({ rule, resourceVersion: isGone ? null : (base?.resourceVersion ?? null) })
  }
  const review = () => {
    setHasTried(true)
    if (enforced.rule !== null && refusal === null) setWantsEnforce(true)
  }
  const failure = save.isError ? describeFailure(save.error) : remove.isError ? describeFailure(remove.error) : null
  const isBusy = save.isPending || remove.isPending
  // What the schema sees at once, then what only the mesh can say. A rule just begun is not a mistake.
  const isBegun = hasTried || row !== null || draft.callers.length > 0 || draft.paths.length > 0
  const refusal = built.mistake ?? (preview.isSettled ? (preview.data?.mistakes[0]?.message ?? null) : null)
  const replay = built.rule === null || (preview.data?.mistakes.length ?? 0) > 0 ? null : (preview.data?.replay ?? null)
  const isAudit = draft.mode === 'audit'
  const hasTarget = draft.service !== ''
  return (
    <div className="border-line border-b py-4 md:pl-8">
      <RuleSentence
        draft={draft}
        services={services}
        isOpaque={opaque.includes(draft.service)}
        hasPaths={base === null || fitsSentence(base.rule)}
        disabled={!canEdit}
        onChange={setDraft}
      />
      <p className="mt-2 text-ink-2">{meaning(draft)}</p>
      {refusal !== null && isBegun && (
        <p role="alert" className="mt-2 text-fail-text">
          {refusal}
        </p>
      )}
      {preview.data?.warnings.map((warning) => (
        <p key={warning} className="mt-2 text-warn-text">
          {warning}
        </p>
      ))}
      {row === null && (
        <TextField
          label="Name"
          className="mt-3 max-w-80"
          placeholder={suggestedName(draft, taken)}
          value={draft.name}
          onChange={(event) => setDraft({ ...draft, name: event.target.value })}
        />
      )}
      {failure !== null && (
        <Refused
          failure={failure}
          onLoadTheirs={() => {
            if (row === null) return
            setBase(row)
            setDraft(draftOf(row.rule))
            save.reset()
            remove.reset()
          }}
        />
      )}
      <div className="mt-4 grid gap-x-8 gap-y-4 border-line border-t pt-4 lg:grid-cols-[minmax(280px,420px)_minmax(0,1fr)]">
        <div>
          {replay !== null && (
            <section
              aria-label="Preview"
              aria-live="polite"
              aria-busy={!preview.isSettled}
              className={preview.isSettled ? '' : '[&_*]:text-ink-3'}
            >
              <PreviewSummary replay={replay} />
            </section>
          )}
          {preview.isError && built.rule !== null && (
            <p className="text-ink-2">The preview could not be read: {describeFailure(preview.error).message}</p>
          )}
          <div className="mt-4 flex flex-wrap items-center gap-3">
            {isAudit && (
              <GuardedButton
                permission={permission}
                look="primary"
                disabled={isBusy || !hasTarget}
                onClick={() => submit('audit')}
              >
                {auditAct(row, isGone)}
              </GuardedButton>
            )}
            <GuardedButton
              permission={permission}
              look={isAudit ? 'danger' : 'primary'}
              disabled={isBusy || !hasTarget}
              onClick={review}
            >
              {isAudit ? 'Enforce…' : row?.mode === 'enforce' ? 'Review and save…' : 'Review and enforce…'}
            </GuardedButton>
            <Button look="quiet" onClick={onClose}>
              Cancel
            </Button>
            {!hasTarget && <span className="text-ink-2">Choose the service that is called first.</span>}
            {row !== null && !isGone && (
              <GuardedButton
                permission={permission}
                look="danger"
                disabled={isBusy}
                onClick={() => setWantsDelete(true)}
              >
                Delete rule
              </GuardedButton>
            )}
          </div>
        </div>
        {replay !== null && (
          <PreviewRows
            replay={replay}
            onAllowToo={
              draft.action === 'Allow' && canEdit && (base === null || fitsSentence(base.rule))
                ? (call) => setDraft(allowToo(draft, call))
                : null
            }
          />
        )}
      </div>
      {built.rule !== null && (
        <details className="mt-4">
          <summary className="inline-block cursor-pointer text-ink-2 hover:text-ink">YAML and command</summary>
          <div className="mt-2">
            <ResourceDiff before={base?.rule ?? null} after={built.rule} what={`AccessRule ${name}`} />
          </div>
        </details>
      )}
      <ReviewRule
        rule={wantsEnforce ? enforced.rule : null}
        before={base?.rule ?? null}
        replay={enforcedPreview.data?.replay ?? null}
        warnings={enforcedPreview.data?.warnings ?? []}
        isBusy={isBusy}
        onConfirm={() => submit('enforce')}
        onClose={() => setWantsEnforce(false)}
      />
      {row !== null && base !== null && (
        <DeleteRule
          row={row}
          isOpen={wantsDelete && !isGone}
          isBusy={isBusy}
          onConfirm={() => remove.mutate({ name: row.rule.metadata.name, resourceVersion: base.resourceVersion })}
          onClose={() => setWantsDelete(false)}
        />
      )}
    </div>
  )
}

/** What saving did: one that begins to decide is the news. */
function savedWord(row: AccessRow | null, mode: RuleDraft['mode'] | undefined): string {
  const isEnforced = mode !== 'audit'
  if (row === null) return isEnforced ? 'Added and enforced' : 'Added'
  if (isEnforced && row.mode === 'audit') return 'Enforced'
  return !isEnforced && row.mode === 'enforce' ? 'Saved, auditing now:' : 'Saved'
}

function auditAct(row: AccessRow | null, isGone: boolean): string {
  if (row === null) return 'Add rule, auditing'
  if (isGone) return 'Add it again, auditing'
  return row.mode === 'audit' ? 'Save, keep auditing' : 'Save, auditing'
}

function meaning(draft: RuleDraft): string {
  const audit = draft.mode === 'audit' ? ' While it audits, this rule decides nothing and counts what it would.' : ''
  return draft.action === 'Allow'
    ? `A target with an Allow rule is closed to everyone else.${audit}`
    : `Deny beats every Allow.${audit}`
}
