// Numbers on the page: aligned at the decimal point in tables, with a quiet unit elsewhere.
import { DASH, FEW_CALLS, formatCount, formatSuccess, NBSP, type Quantity, splitAtPoint } from '@/data/numbers'

/** For a table cell: integer and fraction in slots of their own, so that a column aligns at the point. */
export function Aligned({ text }: Readonly<{ text: string }>) {
  const [integer, fraction] = splitAtPoint(text)
  return (
    <>
      {integer}
      <span className="fraction">{fraction}</span>
    </>
  )
}

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
  if (percent === null) return <span className="text-ink-3">{DASH}</span>
  const few = requests < FEW_CALLS
  return <span className={few ? 'text-ink-3' : tone === '' ? '' : `font-medium ${tone}`}>{formatSuccess(percent)}</span>
}

/** Failures for a cell; "0 of 19" under 100 calls. */
export function FailedCell({ failures, requests }: Readonly<{ failures: number; requests: number }>) {
  if (requests === 0) return <span className="text-ink-3">{DASH}</span>
  if (requests < FEW_CALLS)
    return (
      <span className="text-ink-3">
        {formatCount(failures)} of {formatCount(requests)}
      </span>
    )
  return <span className="text-ink-2">{formatCount(failures)}</span>
}
