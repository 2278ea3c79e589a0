// Why a save or a deletion was refused; a stale edit shows whose change was faster.
'use client'
import { Button } from '@/components/ui/button'
import { StatusMark } from '@/components/ui/status'
import type { Failure } from '@/data/failure'
import { lengthText } from '@/data/timeRange'

export function Refused({ failure, onLoadTheirs }: Readonly<{ failure: Failure; onLoadTheirs: () => void }>) {
  const change = failure.data?.change
  return (
    <div role="alert" className="mt-3 flex flex-wrap items-start gap-3 rounded-2 bg-warn-tint px-3 py-2.5">
      <StatusMark state={failure.code === 'stale' ? 'degraded' : 'failing'} className="mt-1" />
      <p className="min-w-52 flex-1">
        {change !== undefined ? (
          <>
            <span className="font-medium">
              {change.actor} changed this rule {lengthText(Date.now() - change.at)} ago. Yours was not saved.
            </span>{' '}
            {change.summary}
          </>
        ) : (
          failure.message
        )}
        {failure.code !== 'stale' && failure.requestId !== null && (
          <span className="text-ink-3"> Request {failure.requestId}</span>
        )}
      </p>
      {failure.code === 'stale' && (
        <Button size="small" onClick={onLoadTheirs}>
          Load theirs
        </Button>
      )}
    </div>
  )
}
