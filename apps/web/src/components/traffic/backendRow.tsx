// One backend of a split: its slider, its number, its lock, the way out of the split, and how it does now.
'use client'
import { Lock, LockOpen, RotateCcw, X } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { dye } from '@/components/charts/miniThreads'
import { Sparkline } from '@/components/charts/sparkline'
import { Measure } from '@/components/ui/numbers'
import { toneOf } from '@/components/ui/status'
import { LastSince } from '@/components/ui/youth'
import { DASH, formatCount, formatLatency, formatRate, formatSuccess, NBSP, quantityText } from '@/data/numbers'
import type { DraftBackend } from '@/data/splitDraft'
import { tooFewOf } from '@/data/splitForecast'
import { troubledNumber } from '@/data/trouble'
import type { TrafficBackend } from '@/server/schemas/traffic'
import { EyeSlider } from './eyeSlider'
import { ShareBox } from './shareBox'

interface Props {
  backend: TrafficBackend
  index: number
  state: DraftBackend['state']
  share: number
  /** The stored share as text; "<1" where it rounds to nothing. */
  nowText: string
  /** Backends whose calls cannot be told from this one's. */
  alike: readonly string[]
  /** The last change of the split, where the numbers' window saw it ("r47"): the volume is that since it. */
  changedAs: string | null
  /** Requests per second that it would get. */
  expected: number
  isMoved: boolean
  isLocked: boolean
  canLock: boolean
  canEdit: boolean
  /** Why it cannot be taken out; null: it can. */
  whyKept: string | null
  onMove: (to: number) => void
  onLock: () => void
  onRemove: () => void
  onRestore: () => void
}

export function BackendRow(props: Readonly<Props>) {
  const { backend, index, state, share, isMoved, isLocked, canEdit } = props
  const { golden, spark } = backend
  const tone = toneOf(backend.health.state)
  const trouble = troubledNumber(backend.health)
  const isRemoved = state === 'removed'
  const disabled = isLocked || isRemoved || !canEdit
  const tooFew = tooFewOf(backend)
  return (
    <li className="grid grid-cols-[140px_minmax(140px,1fr)_112px_72px_150px_150px_134px] items-start gap-x-4 py-2 max-xl:grid-cols-[140px_minmax(120px,1fr)_112px_72px] max-md:block max-md:border-line max-md:border-b max-md:py-3">
      <div className="pt-2.5 max-md:flex max-md:items-baseline max-md:gap-2 max-md:pt-0">
        <span className="flex items-center gap-2 font-semibold">
          <span className="size-2.5 shrink-0 rounded-[2px]" style={{ background: dye(index) }} />
          <span className={`truncate ${isRemoved ? 'line-through' : ''}`}>{backend.name}</span>
        </span>
        {state !== 'kept' && (
          <span className="block font-medium text-12 md:pl-[18px]">{isRemoved ? 'taken out' : 'new'}</span>
        )}
        <span
          className={`block text-12 md:pl-[18px] ${backend.instances.ready === 0 ? 'text-warn-text' : 'text-ink-2'}`}
        >
          {backend.service === null ? 'does not exist' : `${backend.instances.ready} of ${backend.instances.all} ready`}
        </span>
        {props.alike.length > 0 && (
          <span className="block text-12 text-warn-text md:pl-[18px]">
            cannot be told apart from {props.alike.join(', ')}
          </span>
        )}
      </div>
      <EyeSlider
        label={`${backend.name}, share of requests`}
        value={share}
        now={backend.percent}
        nowText={props.nowText}
        color={dye(index)}
        disabled={disabled}
        onChange={props.onMove}
      />
      <div className="flex items-center gap-2.5 max-md:mt-1 md:contents">
        <div className="md:pt-2">
          <ShareBox
            label={`${backend.name}, percent`}
            value={share}
            text={isMoved ? String(share) : props.nowText}
            disabled={disabled}
            onChange={props.onMove}
          />
        </div>
        <div className="flex max-md:gap-2 md:mt-1">
          <button
            type="button"
            aria-pressed={isLocked}
            aria-label={`Keep the share of ${backend.name}`}
            disabled={!props.canLock || isRemoved || !canEdit}
            onClick={props.onLock}
            className={SMALL_BUTTON}
          >
            {isLocked ? <Lock size={14} aria-hidden /> : <LockOpen size={14} aria-hidden />}
          </button>
          {canEdit && (
            <WayOut
              name={backend.name}
              isRemoved={isRemoved}
              whyKept={props.whyKept}
              onRemove={props.onRemove}
              onRestore={props.onRestore}
            />
          )}
        </div>
        {isMoved && (
          <span className="ml-auto whitespace-nowrap text-right text-12 text-ink-2 md:hidden">
            then
            <br />
            <span className="font-semibold text-ink">≈ {quantityText(formatRate(props.expected))}</span>
          </span>
        )}
      </div>
      <dl className="pt-1.5 max-xl:col-span-full max-xl:flex max-xl:flex-wrap max-xl:gap-x-8 max-xl:pl-[18px] max-md:pl-0 xl:contents">
        <Live
          name="Success"
          value={{ text: formatSuccess(golden.successRate), unit: golden.successRate === null ? '' : '%' }}
          tone={trouble === 'success' ? tone : ''}
          below={
            !backend.isDistinct
              ? 'not known by itself'
              : golden.requests === 0
                ? 'no calls'
                : tooFew !== null
                  ? `not enough requests yet (n = ${formatCount(tooFew)})`
                  : `${formatCount(golden.failures)} failed of ${formatCount(golden.requests)}`
          }
          values={spark.successRate}
          color="var(--ok)"
        />
        <Live
          name="Volume"
          value={props.changedAs === null ? formatRate(golden.requestsPerSecond) : rateText(backend.rateSinceChange)}
          below={
            isMoved
              ? `then ≈${NBSP}${quantityText(formatRate(props.expected))}`
              : props.changedAs === null
                ? backend.joinedAt !== null && <LastSince at={backend.joinedAt} />
                : `since ${props.changedAs}${backend.rateSinceChange === null ? ': being counted' : ''}`
          }
          values={spark.requestsPerSecond}
          color="var(--n-8)"
        />
        <Live
          name="p99"
          value={formatLatency(golden.latencyMs.p99)}
          tone={trouble === 'p99' ? tone : ''}
          below={golden.latencyMs.p50 === null ? '' : `p50 ${quantityText(formatLatency(golden.latencyMs.p50))}`}
          values={spark.p99Ms}
          color="var(--c-p99)"
        />
      </dl>
    </li>
  )
}

const rateText = (rate: number | null) => (rate === null ? { text: DASH, unit: '' } : formatRate(rate))

const SMALL_BUTTON =
  'grid size-9 place-items-center rounded-2 text-ink-2 hover:bg-hover disabled:text-ink-3 disabled:opacity-60 aria-disabled:text-ink-3 aria-disabled:opacity-60 max-md:size-11 max-md:border max-md:border-line-strong'

type WayOutProps = Pick<Props, 'whyKept' | 'onRemove' | 'onRestore'> & { name: string; isRemoved: boolean }

/** Out of the split, and back: one button, so that whoever pressed it by key is still on it. */
function WayOut({ name, isRemoved, whyKept, onRemove, onRestore }: Readonly<WayOutProps>) {
  const reasonId = useId()
  const reason = isRemoved ? null : whyKept
  return (
    <button
      type="button"
      aria-label={isRemoved ? `Put ${name} back` : `Take ${name} out of the split`}
      aria-disabled={reason !== null}
      aria-describedby={reason === null ? undefined : reasonId}
      title={reason ?? undefined}
      onClick={() => {
        if (reason === null) (isRemoved ? onRestore : onRemove)()
      }}
      className={SMALL_BUTTON}
    >
      {isRemoved ? <RotateCcw size={14} aria-hidden /> : <X size={14} aria-hidden />}
      {reason !== null && (
        <span id={reasonId} className="sr-only">
          {reason}
        </span>
      )}
    </button>
  )
}

interface LiveProps {
  name: string
  value: { text: string; unit: string }
  below: ReactNode
  values: readonly (number | null)[]
  color: string
  tone?: string
}

function Live({ name, value, below, values, color, tone = '' }: Readonly<LiveProps>) {
  return (
    <div className="xl:pt-1.5">
      <dt className="text-12 text-ink-2 xl:sr-only">{name}</dt>
      <dd>
        <span className="flex items-center gap-2">
          <Measure value={value} className={`font-medium text-16 max-md:text-14 ${tone}`} />
          <Sparkline values={values} color={color} width={54} height={16} className="ml-auto max-xl:hidden" />
        </span>
        <span className="block text-12 text-ink-2 max-md:hidden">{below}</span>
      </dd>
    </div>
  )
}
