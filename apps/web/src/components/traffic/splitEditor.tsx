// The split editor of one rule: sliders, numbers and locks above; threads, forecast and warnings below; then the acts.
// Nothing is sent before it has been reviewed.
'use client'
import { ArrowRight, X } from 'lucide-react'
import { usePermission } from '@/components/frame/usePermission'
import { Button } from '@/components/ui/button'
import { GuardedButton } from '@/components/ui/permission'
import { StatusMark } from '@/components/ui/status'
import { formatRate, formatSuccess, formatThreeFigures, NBSP, plural } from '@/data/numbers'
import { sharesText, shareTexts, threadsOf } from '@/data/shares'
import { alikeOf, canaryOf, forecast, rolledBack, warningsOf } from '@/data/splitForecast'
import { lengthText } from '@/data/timeRange'
import type { TrafficGetOutput, TrafficRule } from '@/server/schemas/traffic'
import { BackendRow } from './backendRow'
import { ConflictDialog } from './conflictDialog'
import { ReviewDialog } from './reviewDialog'
import { ThreadsDiagram } from './threadsDiagram'
import { type Applied, useApply } from './useApply'
import { useSplitDraft } from './useSplitDraft'

interface Props {
  rule: TrafficRule
  page: TrafficGetOutput
  onApplied: (applied: Applied) => void
}

/** On the phone the acts of a draft stay in reach, above the bottom bar. */
const PINNED =
  'max-md:fixed max-md:inset-x-0 max-md:bottom-[calc(56px+env(safe-area-inset-bottom))] max-md:z-(--z-sticky) max-md:border-line max-md:border-t max-md:bg-canvas max-md:px-4 max-md:py-2.5'

export function SplitEditor({ rule, page, onApplied }: Readonly<Props>) {
  const permission = usePermission('route.write')
  const now = rule.backends.map((backend) => backend.percent)
  const weights = rule.backends.map((backend) => backend.weight)
  const nowTexts = shareTexts(weights)
  const split = useSplitDraft(now, weights)
  const { proposed, draft } = split
  const expected = forecast(rule.backends, rule.golden, proposed)
  const warnings = warningsOf(
    rule.backends,
    rule.golden,
    proposed,
    page.objective.successRate,
    lengthText(page.windowMs),
  )
  const canary = canaryOf(rule.backends)
  const canaryName = rule.backends[canary]?.name ?? ''
  const apply = useApply({
    rule,
    now: weights,
    onApplied: (applied) => {
      split.discard()
      onApplied(applied)
    },
    onConflictReviewed: split.propose,
    onDiscard: split.discard,
  })
  const canEdit = permission?.allowed === true
  const hasNothing = (weights[canary] ?? 0) === 0
  return (
    <div className={`pb-4 pl-6 max-md:pl-0 ${draft === null ? '' : 'max-md:pb-20'}`}>
      <div
        className="hidden grid-cols-[140px_minmax(160px,1fr)_112px_36px_150px_150px_134px] gap-x-4 text-12 text-ink-2 xl:grid"
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
        {rule.backends.map((backend, i) => (
          <BackendRow
            key={backend.name}
            backend={backend}
            index={i}
            share={proposed[i] ?? 0}
            nowText={nowTexts[i] ?? ''}
            alike={alikeOf(rule.backends, i)}
            expected={expected.volume[i] ?? 0}
            isMoved={draft !== null}
            isLocked={split.locked[i] ?? false}
            canLock={rule.backends.length > 2}
            canEdit={canEdit}
            onMove={(to) => split.move(i, to)}
            onLock={() => split.toggleLock(i)}
          />
        ))}
      </ul>
      {draft === null ? (
        <p className="mt-2 text-ink-2 max-md:mt-4">
          {canEdit
            ? 'Move a slider, type, or press + to propose another split. Nothing is sent before you have reviewed it.'
            : permission?.allowed === false && permission.reason}
        </p>
      ) : (
        <Proposal rule={rule} now={now} nowText={sharesText(weights)} proposed={proposed} expected={expected} />
      )}
      <div className="mt-4 flex items-start gap-x-6 gap-y-3 border-line border-t pt-4 max-lg:flex-col max-md:mt-3">
        <div className="flex min-w-0 flex-1 flex-col gap-2" aria-live="polite">
          {draft !== null &&
            warnings.map((warning) => (
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
            disabled={hasNothing}
            onClick={() => apply.review(rolledBack(rule.backends, canary))}
          >
            Roll back {canaryName} to 0{NBSP}%
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
            className="max-md:flex-1"
            disabled={draft === null}
            onClick={() => apply.review(proposed)}
          >
            Review {draft === null ? 'split' : sharesText(proposed)}
            <ArrowRight size={14} aria-hidden />
          </GuardedButton>
        </div>
      </div>
      <ReviewDialog
        rule={rule}
        shares={apply.reviewing}
        warnings={
          apply.reviewing === null
            ? []
            : warningsOf(
                rule.backends,
                rule.golden,
                apply.reviewing,
                page.objective.successRate,
                lengthText(page.windowMs),
              )
        }
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

interface ProposalProps {
  rule: TrafficRule
  now: readonly number[]
  nowText: string
  proposed: readonly number[]
  expected: ReturnType<typeof forecast>
}

function Proposal({ rule, now, nowText, proposed, expected }: Readonly<ProposalProps>) {
  const { moved } = threadsOf(now, proposed)
  const total = proposed.reduce((a, b) => a + b, 0)
  const rising = rule.backends.findIndex((backend, i) => (proposed[i] ?? 0) > backend.percent)
  const gaining = rule.backends[rising]
  const rows: { label: string; now: string; next: string; unit: string }[] = []
  if (expected.success.now !== null && expected.success.next !== null)
    rows.push({
      label: 'Success',
      now: formatSuccess(expected.success.now),
      next: formatSuccess(expected.success.next),
      unit: '%',
    })
  if (gaining !== undefined)
    rows.push({
      label: `Volume to ${gaining.version ?? gaining.name}`,
      now: formatThreeFigures(gaining.golden.requestsPerSecond),
      next: formatRate(expected.volume[rising] ?? 0).text,
      unit: 'rps',
    })
  if (expected.failedPerMinute.now !== null && expected.failedPerMinute.next !== null)
    rows.push({
      label: 'Failed calls',
      now: formatThreeFigures(expected.failedPerMinute.now),
      next: formatThreeFigures(expected.failedPerMinute.next),
      unit: 'per min',
    })
  return (
    <div className="mt-3 grid grid-cols-[140px_minmax(160px,1fr)_164px_466px] items-end gap-x-4 gap-y-4 max-xl:grid-cols-[80px_minmax(0,1fr)_150px] max-md:grid-cols-1">
      <span className="flex h-[60px] flex-col items-end justify-between text-ink-2 max-md:hidden">
        <span>now</span>
        <span className="font-semibold text-ink">proposed</span>
      </span>
      <div className="max-md:border-line max-md:border-t max-md:pt-3">
        <p className="flex justify-between pb-1.5 text-ink-2 md:hidden">
          <span>now {nowText}</span>
          <span>{plural(moved, 'thread')} move</span>
        </p>
        <ThreadsDiagram now={now} proposed={proposed} />
        <p className="flex justify-between pt-1.5 md:hidden">
          <span className="font-semibold">proposed {sharesText(proposed)}</span>
          <span className="text-ink-2">
            total <span className="font-semibold text-ink">{total}</span> %
          </span>
        </p>
      </div>
      <span className="flex h-[84px] flex-col justify-between text-ink-2 max-md:hidden">
        <span>
          total <span className="font-semibold text-ink">{total}</span> %
        </span>
        <span>{nowText}</span>
        <span className="text-12">{plural(moved, 'thread')} move</span>
        <span className="font-semibold text-ink">{sharesText(proposed)}</span>
      </span>
      <div className="max-xl:col-span-full">
        <h4 className="pb-1 text-12 text-ink-2">If every version keeps its rates</h4>
        <dl className="grid w-fit grid-cols-[130px_70px_16px_70px_60px] gap-x-2 gap-y-0.5">
          {rows.map((row) => (
            <div key={row.label} className="contents">
              <dt className="text-ink-2">{row.label}</dt>
              <dd className="text-right text-ink-2">{row.now}</dd>
              <dd aria-hidden className="text-ink-3">
                →
              </dd>
              <dd className="text-right font-semibold">{row.next}</dd>
              <dd className="text-ink-3">{row.unit}</dd>
            </div>
          ))}
          {rows.length === 0 && <p className="col-span-full text-ink-3">Not known: a version has had no calls.</p>}
        </dl>
      </div>
    </div>
  )
}
