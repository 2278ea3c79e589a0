// Five minutes after an apply: who has it, and what it did to success, volume and latency, of a rule whose weights were
// moved, or of the whole service where a route came, went or was edited. The future is shaded.
'use client'
import { useQuery } from '@tanstack/react-query'
import { Undo2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { meshNow, useNow } from '@/components/frame/clock'
import { tickOf, useLive } from '@/components/frame/live'
import { usePermission } from '@/components/frame/usePermission'
import { Button } from '@/components/ui/button'
import { Measure } from '@/components/ui/numbers'
import { GuardedButton } from '@/components/ui/permission'
import { PanelError } from '@/components/ui/states'
import { StatusMark } from '@/components/ui/status'
import { effectText } from '@/data/effectText'
import {
  DASH,
  formatCount,
  formatLatency,
  formatRate,
  formatRevision,
  formatSuccess,
  type Quantity,
  quantityText,
} from '@/data/numbers'
import { sharesText } from '@/data/shares'
import { lengthText } from '@/data/timeRange'
import { useTRPC } from '@/trpc/client'
import { AckDelays } from './ackDelays'
import { BeforeAfter } from './beforeAfter'
import { useIsAsApplied } from './useUndo'

export const STRIP_MS = 5 * 60_000
const POLL_MS = 1_000
/** The numbers of the last seconds come this late at most. */
const LATE_MS = 30_000

interface Props {
  service: string
  /** The rule that is watched; null: all calls of the service. */
  label: string | null
  revision: number
  objective: number
  /** Shares before, where this page knows them. */
  before: readonly number[] | null
  isUndoing: boolean
  onUndo: () => void
  onClose: () => void
}

export function AppliedStrip(props: Readonly<Props>) {
  const { service, label, revision, before, objective } = props
  const trpc = useTRPC()
  const now = useNow()
  const tick = useLive(tickOf)
  const permission = usePermission('change.revert')
  const isAsApplied = useIsAsApplied(revision)
  const watch = useQuery(
    trpc.traffic.watch.queryOptions(
      { service, revision, ...(label !== null && { label }) },
      {
        refetchInterval: ({ state }) => {
          const end = state.data === undefined ? null : state.data.change.at + STRIP_MS + LATE_MS
          return end !== null && meshNow() > end ? false : POLL_MS
        },
      },
    ),
  )
  if (watch.data === undefined)
    return watch.isError ? (
      <PanelError
        what={`What ${formatRevision(revision)} did`}
        error={watch.error}
        onRetry={() => void watch.refetch()}
      />
    ) : null
  const { change, series, after, versions, rising: favoured } = watch.data
  // The stream tells of each acknowledgement at once; of what it no longer tells, the reading knows.
  const spread = tick?.spreads.find((one) => one.revision === revision) ?? watch.data.spread
  const left = now === null ? STRIP_MS : Math.max(0, change.at + STRIP_MS - now)
  const was = watch.data.before
  const points = was.successRate === null || after.successRate === null ? null : after.successRate - was.successRate
  const isWorse = points !== null && points < -0.1 && after.successRate !== null && after.successRate < objective
  // By the weights; where these do not say, by the calls. One version alone has always all of them.
  const rising =
    versions.find(({ version }) => version === favoured) ??
    (versions.length < 2
      ? undefined
      : versions.toSorted((a, b) => gainOf(b.share.before, b.share.now) - gainOf(a.share.before, a.share.now))[0])
  const markShare = (change.at - series.from) / (2 * STRIP_MS)
  const chart = { stepMs: series.stepMs, span: 2 * STRIP_MS, mark: markShare }
  return (
    <section aria-label={`After ${formatRevision(revision)}`} className="mb-6 rounded-2 border border-line-strong">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-line border-b py-2 pr-2.5 pl-4">
        <StatusMark state={isWorse ? 'degraded' : 'healthy'} />
        <p className="min-w-52 flex-1">
          <span className="font-semibold">{change.summary}.</span>{' '}
          <span className={isWorse ? 'font-medium text-warn-text' : 'text-ink-2'}>{effectText(was, after)}</span>
          {after.requests > 0 && <span className="text-ink-3"> (n = {formatCount(after.requests)})</span>}
        </p>
        <span className="text-ink-2 max-lg:hidden">
          {label === null && `all calls of ${service}, `}5 min before and after
          {left > 0 ? `, ${lengthText(left)} left` : ''}
        </span>
        {isAsApplied === false && <span className="text-ink-2">Changed again since</span>}
        <GuardedButton
          permission={permission}
          size="small"
          disabled={props.isUndoing || isAsApplied !== true}
          onClick={props.onUndo}
        >
          <Undo2 size={14} aria-hidden />
          Undo{before === null ? '' : ` to ${sharesText(before)}`}
        </GuardedButton>
        <Button size="small" look="quiet" onClick={props.onClose}>
          Close
        </Button>
      </div>
      <div className="grid grid-cols-[0.8fr_1fr_1fr_1fr] divide-x divide-line max-lg:grid-cols-2 max-md:grid-cols-1 max-md:divide-x-0 max-md:divide-y">
        <div className="px-4 py-3">
          <h3 className="text-12 text-ink-2">Acknowledged</h3>
          {spread === null ? (
            <p className="text-ink-2">waiting for the control plane</p>
          ) : spread.holders === 0 ? (
            <p className="text-ink-2">no proxy holds it: nobody calls {service} yet</p>
          ) : (
            <p aria-live="polite">
              <span className="font-semibold text-16">
                {spread.acknowledged}/{spread.holders}
              </span>{' '}
              proxies
              {spread.lastAckMs !== null && spread.acknowledged >= spread.holders
                ? ` in ${seconds(spread.lastAckMs)}`
                : ''}
            </p>
          )}
          <AckDelays ackMs={watch.data.spread?.ackMs ?? []} />
        </div>
        <Golden
          name="Success"
          was={percent(was.successRate)}
          is={percent(after.successRate)}
          tone={isWorse ? 'text-warn-text' : ''}
        >
          <BeforeAfter {...chart} values={series.successRate} color="var(--ok)" objective={objective} />
        </Golden>
        {rising !== undefined ? (
          <Golden name={`Share of ${rising.version}`} was={share(rising.share.before)} is={share(rising.share.now)}>
            <BeforeAfter {...chart} values={rising.share.steps} color="var(--dye-2)" floor={0} />
            <p className="mt-1 text-12 text-ink-2">
              {rising.share.now === null
                ? 'no calls told of yet'
                : ratesText(rising.requestsPerSecond.before, rising.requestsPerSecond.after)}
            </p>
          </Golden>
        ) : (
          <Golden name="Volume" was={formatRate(was.requestsPerSecond)} is={formatRate(after.requestsPerSecond)} />
        )}
        <Golden name="Latency p99" was={formatLatency(was.latencyMs.p99)} is={formatLatency(after.latencyMs.p99)}>
          <BeforeAfter {...chart} values={series.p99Ms} color="var(--c-p99)" floor={0} />
        </Golden>
      </div>
    </section>
  )
}

const gainOf = (was: number | null, is: number | null) => (is ?? was ?? 0) - (was ?? 0)

const share = (value: number | null): Quantity =>
  value === null ? { text: DASH, unit: '' } : { text: value.toFixed(1), unit: '%' }
const ratesText = (before: number | null, after: number | null) =>
  after === null ? 'of calls' : `of calls, ${formatRate(before).text} → ${quantityText(formatRate(after))}`
const percent = (value: number | null): Quantity => ({ text: formatSuccess(value), unit: value === null ? '' : '%' })
const seconds = (ms: number) =>
  ms < 50
    ? quantityText({ text: String(Math.round(ms)), unit: 'ms' })
    : quantityText({ text: (ms / 1_000).toFixed(1), unit: 's' })

interface GoldenProps {
  name: string
  was: Quantity
  is: Quantity
  tone?: string
  children?: ReactNode
}

function Golden({ name, was, is, tone = '', children }: Readonly<GoldenProps>) {
  return (
    <div className="min-w-0 px-4 py-3">
      <h3 className="text-12 text-ink-2">{name}</h3>
      <p className="whitespace-nowrap">
        <span className="text-ink-2">{was.unit === is.unit ? was.text : quantityText(was)} →</span>{' '}
        <Measure value={is} className={`font-semibold text-16 ${tone}`} />
      </p>
      {children}
    </div>
  )
}
