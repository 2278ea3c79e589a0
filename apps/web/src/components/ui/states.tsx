// The states of a panel: failed (cause, retry, request id), and empty (what to do about it).
'use client'
import type { ReactNode } from 'react'
import { describeFailure } from '@/data/failure'
import { Button } from './button'
import { StatusMark } from './status'

interface FailureProps {
  /** What could not be read: "The services". */
  what: string
  error: unknown
  onRetry: () => void
}

export function PanelError({ what, error, onRetry }: Readonly<FailureProps>) {
  const failure = describeFailure(error)
  return (
    <div role="alert" className="flex flex-wrap items-start gap-3 border-line border-y py-4">
      <StatusMark state="failing" className="mt-1" />
      <div className="min-w-60 flex-1">
        <span className="font-medium">{what} could not be read.</span> {failure.message}
        {failure.requestId !== null && (
          <div className="text-ink-3">
            Request <span className="font-mono text-12">{failure.requestId}</span>
          </div>
        )}
      </div>
      <Button onClick={onRetry}>Try again</Button>
    </div>
  )
}

interface EmptyProps {
  title: string
  children: ReactNode
  actions?: ReactNode
}

export function Empty({ title, children, actions }: Readonly<EmptyProps>) {
  return (
    <div className="max-w-xl py-8">
      <svg viewBox="0 0 72 36" width={72} height={36} aria-hidden className="mb-4 text-ink-3">
        {[8, 26, 44, 62].map((x, i) => (
          <g key={x} stroke="currentColor" strokeWidth={1.25} fill="none">
            <path d={`M${x} 1v34`} />
            <rect x={x - 3.5} y={i % 2 === 0 ? 9 : 16} width={7} height={11} rx={3.5} fill="var(--canvas)" />
          </g>
        ))}
      </svg>
      <h2 className="font-semibold text-16">{title}</h2>
      <div className="mt-1 text-ink-2">{children}</div>
      {actions !== undefined && <div className="mt-4 flex flex-wrap items-center gap-3">{actions}</div>}
    </div>
  )
}
