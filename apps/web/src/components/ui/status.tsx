// Status as shape, word and colour together. Healthy is quiet; only trouble is coloured text.
import { memo } from 'react'
import type { HealthState } from '@/server/schemas/numbers'

export type StatusShape = HealthState | 'reconnecting'

const MARK_COLOR: Record<StatusShape, string> = {
  healthy: 'text-ok',
  degraded: 'text-warn',
  failing: 'text-fail',
  idle: 'text-none',
  unknown: 'text-none',
  reconnecting: 'text-none',
}
const WORD: Record<HealthState, string> = {
  healthy: 'Healthy',
  degraded: 'Degraded',
  failing: 'Failing',
  idle: 'No traffic',
  unknown: 'Not reporting',
}
const WORD_COLOR: Record<HealthState, string> = {
  healthy: 'text-ink-2',
  degraded: 'font-medium text-warn-text',
  failing: 'font-medium text-fail-text',
  idle: 'text-ink-2',
  unknown: 'text-ink-2',
}

/** The shape alone, 12 px; whoever uses it says the word beside it. */
export function StatusMark({ state, className = '' }: Readonly<{ state: StatusShape; className?: string }>) {
  return (
    <svg
      viewBox="0 0 12 12"
      width={12}
      height={12}
      aria-hidden
      className={`shrink-0 ${MARK_COLOR[state]} ${className}`}
    >
      {state === 'healthy' && <circle cx={6} cy={6} r={2.9} fill="currentColor" />}
      {state === 'degraded' && <path d="M6 1.4 11.2 10.6H.8Z" fill="currentColor" />}
      {state === 'failing' && <path d="M6 .6 11.4 6 6 11.4.6 6Z" fill="currentColor" />}
      {state === 'idle' && <circle cx={6} cy={6} r={2.9} fill="none" stroke="currentColor" strokeWidth={1.5} />}
      {(state === 'unknown' || state === 'reconnecting') && (
        <circle cx={6} cy={6} r={4.4} fill="none" stroke="currentColor" strokeWidth={1.5} strokeDasharray="2.3 1.9" />
      )}
    </svg>
  )
}

export const Status = memo(function Status({
  state,
  isAbsent = false,
}: Readonly<{ state: HealthState; isAbsent?: boolean }>) {
  return (
    <span className={`inline-flex items-center gap-2 whitespace-nowrap ${WORD_COLOR[state]}`}>
      <StatusMark state={state} />
      {state === 'idle' && isAbsent ? 'No instances' : WORD[state]}
    </span>
  )
})

/** Colour of a number or a reason that belongs to a state. */
export function toneOf(state: HealthState): string {
  return state === 'failing' ? 'text-fail-text' : state === 'degraded' ? 'text-warn-text' : ''
}
