// Before a split is applied: the sentence, the threads, what speaks against it, the diff. Applying names the act.
'use client'
import { lazy, Suspense } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { warmDiff } from '@/components/ui/resourceDiff'
import { YamlSkeleton } from '@/components/ui/skeleton'
import { StatusMark } from '@/components/ui/status'
import { describeFailure } from '@/data/failure'
import { formatRate, NBSP, plural, quantityText } from '@/data/numbers'
import { sharesText } from '@/data/shares'
import { backendsInWords, type DraftBackend, remaining, weightsOf } from '@/data/splitDraft'
import { forecast, rateNow, type Warning } from '@/data/splitForecast'
import type { TrafficBackend, TrafficRule } from '@/server/schemas/traffic'
import { ThreadsDiagram } from './threadsDiagram'

const loadDiff = () => import('./routeDiff').then((module) => ({ default: module.RouteDiff }))
const RouteDiff = lazy(loadDiff)

/** Who has a draft is about to review it. */
export function warmReview(): void {
  void loadDiff().catch(() => {})
  warmDiff()
}

interface Props {
  rule: TrafficRule
  /** What is to be applied; null: closed. */
  draft: readonly DraftBackend[] | null
  /** What is known of each backend of the draft. */
  backends: readonly TrafficBackend[]
  warnings: readonly Warning[]
  holders: number | null
  isApplying: boolean
  error: unknown
  onApply: () => void
  onClose: () => void
}

export function ReviewDialog({
  rule,
  draft,
  backends,
  warnings,
  holders,
  isApplying,
  error,
  onApply,
  onClose,
}: Readonly<Props>) {
  if (draft === null) return null
  const shares = draft.map(({ share }) => share)
  const changesBackends = backendsInWords(draft)
  const split = sharesText(remaining(draft).map(({ share }) => share))
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={titleOf(rule, draft, backends)}
      footer={
        <>
          {error !== null && (
            <p role="alert" className="mr-auto text-fail-text">
              {describeFailure(error).message}
            </p>
          )}
          <Button look="quiet" onClick={onClose}>
            Keep editing
          </Button>
          <Button look="primary" disabled={isApplying} onClick={onApply}>
            Apply {split} split
          </Button>
        </>
      }
    >
      <p className="text-14 text-ink-2">
        {changesBackends !== '' && <span className="font-semibold text-ink">{changesBackends} </span>}
        <Sentence rule={rule} draft={draft} backends={backends} />{' '}
        {holders !== null &&
          holders > 0 &&
          `The ${plural(holders, 'proxy', 'proxies')} that hold${holders === 1 ? 's' : ''} this route should have it within a second.`}
      </p>
      <div className="my-4 grid grid-cols-[72px_minmax(0,1fr)_auto] items-center gap-x-3 max-md:grid-cols-1">
        <span className="flex h-[60px] flex-col justify-between text-ink-2 max-md:hidden">
          <span>now</span>
          <span className="font-semibold text-ink">proposed</span>
        </span>
        <ThreadsDiagram now={backends.map(({ weight }) => weight)} proposed={shares} />
        <span className="flex h-[60px] flex-col justify-between text-right text-ink-2 max-md:h-auto max-md:flex-row max-md:pt-1">
          <span>{sharesText(rule.backends.map(({ weight }) => weight))}</span>
          <span className="font-semibold text-ink">{split}</span>
        </span>
      </div>
      {warnings.length > 0 && (
        <div className="mb-4 flex flex-col gap-2 rounded-2 bg-warn-tint px-3 py-2.5">
          {warnings.map((warning) => (
            <p key={warning.strong} className="flex gap-2.5">
              <StatusMark state="degraded" className="mt-1" />
              <span>
                <span className="font-medium text-warn-text">{warning.strong}</span> {warning.rest}
              </span>
            </p>
          ))}
        </div>
      )}
      <Suspense fallback={<YamlSkeleton />}>
        <RouteDiff rule={rule} draft={draft} />
      </Suspense>
    </Dialog>
  )
}

type Reviewed = Pick<Props, 'backends'> & { draft: readonly DraftBackend[] }

/** The act in one question: where more requests would go, or else which backends come or go. */
function titleOf(rule: TrafficRule, draft: Reviewed['draft'], backends: Reviewed['backends']): string {
  const [rising] = draft
    .map(({ name, share }, i) => ({ name, share, by: share - (backends[i]?.percent ?? 0) }))
    .sort((a, b) => b.by - a.by)
  if (rising !== undefined && rising.by > 0) return `Send ${rising.share}${NBSP}% of ${rule.match} to ${rising.name}?`
  const { added, removed } = weightsOf(draft)
  if (added.length > 0) return `Add ${added.join(', ')} to ${rule.match}?`
  return removed.length > 0 ? `Take ${removed.join(', ')} out of ${rule.match}?` : `Apply this split to ${rule.match}?`
}

function Sentence({ rule, draft, backends }: Reviewed & Pick<Props, 'rule'>) {
  const total = rule.golden.requestsPerSecond
  if (total === 0) return <>No request takes this route now; the split holds for those to come.</>
  const shares = draft.map(({ share }) => share)
  const { volume } = forecast(backends, rule.golden, shares)
  const left = draft.flatMap(({ state }, i) => {
    const backend = backends[i]
    return backend === undefined || state === 'removed' ? [] : [{ backend, i }]
  })
  return (
    <>
      Of about {quantityText(formatRate(total))},{' '}
      {left.map(({ backend, i }, place) => (
        <span key={backend.name}>
          {place > 0 && (place === left.length - 1 ? ' and ' : ', ')}
          <span className={(shares[i] ?? 0) > backend.percent ? 'font-semibold text-ink' : ''}>
            {quantityText(formatRate(volume[i] ?? 0))} will go to {backend.name}
          </span>{' '}
          {backend.isDistinct && `(now ${quantityText(formatRate(rateNow(backend)))})`}
        </span>
      ))}
      .
    </>
  )
}
