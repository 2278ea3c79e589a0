// Somebody else was faster: what it was, what they made of it, what one wanted; and the two ways on.
'use client'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import type { FailureData } from '@/data/failure'
import { formatRevision } from '@/data/numbers'
import { sharesText } from '@/data/shares'
import { lengthText } from '@/data/timeRange'
import { ThreadsDiagram } from './threadsDiagram'

export interface Conflict {
  data: FailureData | null
  message: string
  /** Weights or shares, each. */
  before: readonly number[]
  mine: readonly number[]
  at: number
}

interface Props {
  conflict: Conflict | null
  /** As it is stored now, once it has been read again. */
  theirs: readonly number[] | null
  onReview: () => void
  onDiscard: () => void
}

export function ConflictDialog({ conflict, theirs, onReview, onDiscard }: Readonly<Props>) {
  if (conflict === null) return null
  const change = conflict.data?.change
  const name = change === undefined ? 'the newest' : formatRevision(change.revision)
  const isSameShape = theirs !== null && theirs.length === conflict.mine.length
  return (
    <Dialog
      open
      mustAnswer
      onOpenChange={(open) => !open && onDiscard()}
      title={
        change === undefined
          ? 'Somebody changed this route. Yours was not applied.'
          : `${change.actor} changed this route ${lengthText(conflict.at - change.at)} ago. Yours was not applied.`
      }
      footer={
        <>
          <Button look="quiet" onClick={onDiscard}>
            Discard mine
          </Button>
          <Button look="primary" disabled={!isSameShape} onClick={onReview}>
            Review mine on top of {name}
          </Button>
        </>
      }
    >
      <p className="mb-4 text-14 text-ink-2">{change?.summary ?? conflict.message}</p>
      <dl className="grid grid-cols-[88px_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-3">
        <Row name="before" shares={conflict.before} />
        {theirs !== null && <Row name={change === undefined ? 'theirs' : `${change.actor}, ${name}`} shares={theirs} />}
        <Row name="yours" shares={conflict.mine} isStrong />
      </dl>
    </Dialog>
  )
}

function Row({
  name,
  shares,
  isStrong = false,
}: Readonly<{ name: string; shares: readonly number[]; isStrong?: boolean }>) {
  return (
    <>
      <dt className={isStrong ? 'font-semibold' : 'text-ink-2'}>{name}</dt>
      <dd className="contents">
        <ThreadsDiagram now={shares} proposed={shares} height={16} />
        <span className={`text-right ${isStrong ? 'font-semibold' : 'text-ink-2'}`}>{sharesText(shares)}</span>
      </dd>
    </>
  )
}
