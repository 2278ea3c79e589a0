// Numbers on the page: aligned at the decimal point in tables, with a quiet unit elsewhere. Of the numbers of one row a tick
// moves some: a cell is drawn anew by itself.
import { memo } from 'react'
import { DASH, FEW_CALLS, formatCount, formatSuccess, NBSP, type Quantity, splitAtPoint } from '@/data/numbers'

/** For a table cell: integer and fraction in slots of their own, so that a column aligns at the point. */
export const Aligned = memo(function Aligned({ text }: Readonly<{ text: string }>) {
  const [integer, fraction] = splitAtPoint(text)
  return (
    <>
      {integer}
      <span className="fraction">{fraction}</span>
    </>
  )
})

/** A value and its unit: "42.0 ms". */
export function Measure({ value, className = '' }: Readonly<{ value: Quantity; className?: string }>) {
  return (
    <span className={`whitespace-nowrap ${className}`}>
      {value.text}
      {value.unit !== '' && (
        <span className="font-normal text-[max(12px,0.72em)] text-ink-3 tracking-normal">
          {NBSP}
          {value.unit}
        </span>
      )}
    </span>
  )
}

/** Success in percent for a cell; grey under 100 calls, coloured only where it is the trouble. */
export function SuccessCell({
  percent,
  requests,
  tone = '',
}: Readonly<{ percent: number | null; requests: number; tone?: string }>) {
  const few = percent === null || requests < FEW_CALLS
  return <Text text={formatSuccess(percent)} tone={few ? 'text-ink-3' : tone === '' ? '' : `font-medium ${tone}`} />
}

const Text = memo(function Text({ text, tone }: Readonly<{ text: string; tone: string }>) {
  return <span className={tone}>{text}</span>
})

/** Failures for a cell; "0 of 19" under 100 calls. */
export function FailedCell({ failures, requests }: Readonly<{ failures: number; requests: number }>) {
  if (requests === 0) return <Text text={DASH} tone="text-ink-3" />
  if (requests < FEW_CALLS)
    return <Text text={`${formatCount(failures)} of ${formatCount(requests)}`} tone="text-ink-3" />
  return <Text text={formatCount(failures)} tone="text-ink-2" />
}
