// Somebody else was faster: what it was, what they made of it, what one wanted; and the two ways on.
'use client'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import type { FailureData } from '@/data/failure'
import { formatRevision } from '@/data/numbers'
import { sharesText } from '@/data/shares'
import { type DraftBackend, remaining } from '@/data/splitDraft'
import { lengthText } from '@/data/timeRange'
import { ThreadsDiagram } from './threadsDiagram'

export interface Conflict {
  data: FailureData | null
  message: string
  before: readonly DraftBackend[]
  mine: readonly DraftBackend[]
  at: number
}

interface Props {
  conflict: Conflict | null
  /** As it is stored now, once it has been read again. */
  theirs: readonly DraftBackend[] | null
  onReview: () => void
  onDiscard: () => void
}

export function ConflictDialog({ conflict, theirs, onReview, onDiscard }: Readonly<Props>) {
  if (conflict === null) return null
  const change = conflict.data?.change
  const name = change === undefined ? 'the newest' : formatRevision(change.revision)
  const shown = [conflict.before, theirs ?? [], conflict.mine]
  // One order of backends, and with it one dye for each, in all the rows.
  const names = [...new Set(shown.flat().map((backend) => backend.name))]
  const areNamed = shown.some((draft) => draft.length > 0 && remaining(draft).length < names.length)
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
          <Button look="primary" disabled={theirs === null} onClick={onReview}>
            Review mine on top of {name}
          </Button>
        </>
      }
    >
      <p className="mb-4 text-14 text-ink-2">{change?.summary ?? conflict.message}</p>
      <dl className="grid grid-cols-[88px_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-3">
        <Row name="before" split={conflict.before} names={names} areNamed={areNamed} />
        {theirs !== null && (
          <Row
            name={change === undefined ? 'theirs' : `${change.actor}, ${name}`}
            split={theirs}
            names={names}
            areNamed={areNamed}
          />
        )}
        <Row name="yours" split={conflict.mine} names={names} areNamed={areNamed} isStrong />
      </dl>
    </Dialog>
  )
}

interface RowProps {
  name: string
  split: readonly DraftBackend[]
  /** Of all backends that any of the rows has. */
  names: readonly string[]
  /** Whether the rows have different backends, so that bare numbers would say nothing. */
  areNamed: boolean
  isStrong?: boolean
}

function Row({ name, split, names, areNamed, isStrong = false }: Readonly<RowProps>) {
  const shares = names.map((backend) => split.find((row) => row.name === backend)?.share ?? 0)
  const left = remaining(split)
  return (
    <>
      <dt className={isStrong ? 'font-semibold' : 'text-ink-2'}>{name}</dt>
      <dd className="contents">
        <ThreadsDiagram now={shares} proposed={shares} height={16} />
        <span className={`text-right ${isStrong ? 'font-semibold' : 'text-ink-2'}`}>
          {areNamed
            ? left.map((backend) => `${backend.name} ${backend.share}`).join(' · ')
            : sharesText(left.map(({ share }) => share))}
        </span>
      </dd>
    </>
  )
}
