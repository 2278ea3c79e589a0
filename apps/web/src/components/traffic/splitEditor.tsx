// The split editor of one rule: sliders, numbers and locks above; threads, forecast and warnings below; then the acts.
// Nothing is sent before it has been reviewed.
'use client'
import { useQuery } from '@tanstack/react-query'
import { ArrowRight, Plus, X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { usePermission } from '@/components/frame/usePermission'
import { Button } from '@/components/ui/button'
import { GuardedButton } from '@/components/ui/permission'
import { Picker, type PickerHandle } from '@/components/ui/picker'
import { StatusMark } from '@/components/ui/status'
import { formatRevision, NBSP } from '@/data/numbers'
import { sharesText, shareTexts } from '@/data/shares'
import {
  addable,
  backendsOf,
  type DraftBackend,
  MOST_BACKENDS,
  remaining,
  storedDraft,
  whyKept,
  withShares,
} from '@/data/splitDraft'
import { alikeOf, canaryOf, forecast, rolledBack, warningsOf } from '@/data/splitForecast'
import { lengthText } from '@/data/timeRange'
import type { BackendName } from '@/server/schemas/routeEdits'
import type { TrafficGetOutput, TrafficRule } from '@/server/schemas/traffic'
import { useTRPC } from '@/trpc/client'
import { BackendRow } from './backendRow'
import { ConflictDialog } from './conflictDialog'
import { Proposal } from './proposal'
import { ReviewDialog, warmReview } from './reviewDialog'
import { type Applied, useApply } from './useApply'
import { useSplitDraft } from './useSplitDraft'

interface Props {
  rule: TrafficRule
  page: TrafficGetOutput
  onApplied: (applied: Applied) => void
  /** Whether a split is proposed. */
  onDraft: (hasDraft: boolean) => void
}

/** On the phone the acts of a draft stay in reach, above the bottom bar. */
const PINNED =
  'max-md:fixed max-md:inset-x-0 max-md:bottom-[calc(56px+env(safe-area-inset-bottom))] max-md:z-(--z-sticky) max-md:border-line max-md:border-t max-md:bg-canvas max-md:px-4 max-md:py-2.5'

export function SplitEditor({ rule, page, onApplied, onDraft }: Readonly<Props>) {
  const permission = usePermission('route.write')
  const trpc = useTRPC()
  const names = useQuery(trpc.traffic.names.queryOptions(undefined, { staleTime: 60_000 })).data?.names ?? []
  const adder = useRef<PickerHandle>(null)
  const weights = rule.backends.map((backend) => backend.weight)
  const nowTexts = shareTexts(weights)
  const split = useSplitDraft(rule.backends)
  const { proposed, draft, locked } = split
  const hasDraft = draft !== null
  useEffect(() => {
    onDraft(hasDraft)
    if (hasDraft) warmReview()
    return () => onDraft(false)
  }, [hasDraft, onDraft])
  const backends = backendsOf(proposed, rule.backends, names)
  const shares = proposed.map(({ share }) => share)
  const expected = forecast(backends, rule.golden, shares)
  const warningsAt = (rows: readonly DraftBackend[]) =>
    warningsOf(
      backendsOf(rows, rule.backends, names),
      rule.golden,
      rows.map(({ share }) => share),
      page.objective.successRate,
      lengthText(page.windowMs),
    )
  const canary = canaryOf(rule.backends)
  const canaryName = rule.backends[canary]?.name ?? ''
  const apply = useApply({
    rule,
    onApplied,
    onConflictReviewed: split.propose,
    onDiscard: split.discard,
  })
  const canEdit = permission?.allowed === true
  const hasNothing = (weights[canary] ?? 0) === 0
  return (
    <div className={`pb-4 pl-6 max-md:pl-0 ${draft === null ? '' : 'max-md:pb-20'}`}>
      <div
        className="hidden grid-cols-[140px_minmax(140px,1fr)_112px_72px_150px_150px_134px] gap-x-4 text-12 text-ink-2 xl:grid"
        aria-hidden
      >
        <span>Backend</span>
        <span>Share of requests</span>
        <span className="text-center">Percent</span>
        <span>Lock</span>
        <span>Success</span>
        <span>Volume</span>
        <span>p99</span>
      </div>
      <ul>
        {backends.map((backend, i) => {
          const { name } = backend
          const state = proposed[i]?.state ?? 'kept'
          return (
            <BackendRow
              key={name}
              backend={backend}
              index={i}
              state={state}
              share={shares[i] ?? 0}
              nowText={nowTexts[i] ?? '0'}
              alike={alikeOf(backends, i)}
              changedAs={rule.isFresh && rule.lastChange !== null ? formatRevision(rule.lastChange.revision) : null}
              expected={expected.volume[i] ?? 0}
              isMoved={draft !== null}
              isLocked={locked.includes(name)}
              canLock={remaining(proposed).length > 2}
              canEdit={canEdit}
              whyKept={whyKept(proposed, locked, name)}
              onMove={(to) => split.move(name, to)}
              onLock={() => split.toggleLock(name)}
              onRemove={() => {
                split.remove(name)
                // The row of an added backend goes with its button: the next thing to press is the one that added it.
                if (state === 'added') adder.current?.focus()
              }}
              onRestore={() => split.restore(name)}
            />
          )
        })}
      </ul>
      {canEdit && (
        <Picker
          ref={adder}
          label="Add a backend"
          value={null}
          adds
          options={addable(names, proposed, page.service).map(({ name }) => name)}
          text={(name) => readyText(name, names)}
          disabled={proposed.length >= MOST_BACKENDS}
          onChange={split.add}
          className="mt-2 border-dashed text-ink-2"
        >
          <span className="inline-flex items-center gap-1.5">
            <Plus size={13} aria-hidden />
            Add a backend
          </span>
        </Picker>
      )}
      {draft === null ? (
        <p className="mt-2 text-ink-2 max-md:mt-4">
          {canEdit
            ? 'Move a slider, type, or press + to propose another split. Nothing is sent before you have reviewed it.'
            : permission?.allowed === false && permission.reason}
        </p>
      ) : (
        <Proposal draft={draft} backends={backends} nowText={sharesText(weights)} expected={expected} />
      )}
      <div className="mt-4 flex items-start gap-x-6 gap-y-3 border-line border-t pt-4 max-lg:flex-col max-md:mt-3">
        <div className="flex min-w-0 flex-1 flex-col gap-2" aria-live="polite">
          {draft !== null &&
            warningsAt(draft).map((warning) => (
              <p
                key={warning.strong}
                className="flex max-w-[720px] gap-2.5 max-md:rounded-2 max-md:bg-warn-tint max-md:p-3"
              >
                <StatusMark state="degraded" className="mt-1" />
                <span>
                  <span className="font-medium text-warn-text">{warning.strong}</span> {warning.rest}
                </span>
              </p>
            ))}
        </div>
        <div className={`flex items-center gap-3 max-md:w-full ${draft === null ? '' : PINNED}`}>
          <GuardedButton
            permission={permission}
            look="danger"
            disabled={hasNothing || apply.isApplying}
            onClick={() => apply.review(withShares(storedDraft(rule.backends), rolledBack(rule.backends, canary)))}
          >
            <span>
              Roll back{' '}
              <span className="max-md:sr-only">
                {canaryName} to 0{NBSP}%
              </span>
            </span>
          </GuardedButton>
          {draft !== null && (
            <Button look="quiet" className="max-md:px-2.5" onClick={split.discard}>
              <X size={16} aria-hidden className="md:hidden" />
              <span className="max-md:sr-only">Discard</span>
            </Button>
          )}
          <GuardedButton
            permission={permission}
            look="primary"
            className="max-md:min-w-0 max-md:flex-1"
            disabled={draft === null || apply.isApplying}
            onClick={() => apply.review(proposed)}
          >
            <span className="truncate">
              Review {draft === null ? 'split' : sharesText(remaining(draft).map(({ share }) => share))}
            </span>
            <ArrowRight size={14} aria-hidden className="shrink-0" />
          </GuardedButton>
        </div>
      </div>
      <ReviewDialog
        rule={rule}
        draft={apply.reviewing}
        backends={apply.reviewing === null ? [] : backendsOf(apply.reviewing, rule.backends, names)}
        warnings={apply.reviewing === null ? [] : warningsAt(apply.reviewing)}
        holders={page.holders}
        isApplying={apply.isApplying}
        error={apply.error}
        onApply={apply.apply}
        onClose={() => apply.review(null)}
      />
      <ConflictDialog
        conflict={apply.conflict}
        theirs={apply.theirs}
        onReview={apply.reviewMine}
        onDiscard={apply.discardMine}
      />
    </div>
  )
}

function readyText(name: string, names: readonly BackendName[]): string {
  const known = names.find((one) => one.name === name)
  return known === undefined ? name : `${name} · ${known.instances.ready} of ${known.instances.all} ready`
}
