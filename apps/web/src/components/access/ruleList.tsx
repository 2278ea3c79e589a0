// The rules as rows: what each says in words, its mode, its hits, and a note where something is worth one. There are
// hundreds in a large mesh: a row is drawn anew only when something of its rule has changed.
'use client'
import { ChevronDown } from 'lucide-react'
import { memo, type PointerEvent, type ReactNode } from 'react'
import { useNow } from '@/components/frame/clock'
import { useIsPhone } from '@/components/frame/useIsPhone'
import { useMoment } from '@/components/frame/useMoment'
import { AccessMark, type AccessState } from '@/components/ui/accessMark'
import { StatusMark } from '@/components/ui/status'
import { type AccessRow, nameOf } from '@/data/accessRows'
import { isSame } from '@/data/isSame'
import { DASH, formatAbout, formatCount, NBSP } from '@/data/numbers'
import { exactHits, noteOf, shownAccessRow } from '@/data/shownAccess'
import { lengthText } from '@/data/timeRange'

interface Props {
  rows: readonly AccessRow[]
  open: string | null
  /** The same function at each drawing. */
  onToggle: (name: string) => void
  editor: (row: AccessRow) => ReactNode
}

const GRID =
  'grid grid-cols-[20px_minmax(140px,210px)_minmax(0,1fr)_72px_86px_130px_170px_20px] items-center gap-x-4 max-xl:grid-cols-[20px_minmax(120px,200px)_minmax(0,1fr)_72px_86px_20px]'

/**
 * Out of sight a rule is neither laid out nor painted, and while none is in sight, none is looked at. Such a box cuts what
 * reaches beyond it: it has room for the rings of what has the focus.
 */
const LIST = '-mx-1 px-1 [content-visibility:auto]'
const ROW_PX = { wide: 35, phone: 92 }
const CLOSED = '[contain-intrinsic-size:auto_35px] [content-visibility:auto] max-md:[contain-intrinsic-size:auto_92px]'

export function RuleList({ rows, open, onToggle, editor }: Readonly<Props>) {
  const moment = useMoment()
  const isPhone = useIsPhone()
  /** Of the rule that one points at: in all of them exact numbers would change with each tick. */
  const tellExactly = ({ target }: PointerEvent) => {
    const place = target instanceof Element ? target.closest<HTMLElement>('[data-hits]') : null
    const row = rows.find(({ rule }) => rule.metadata.name === place?.dataset.hits)
    if (row !== undefined) place?.setAttribute('title', exactHits(row, formatCount))
  }
  return (
    <>
      <div
        aria-hidden
        className={`${GRID} h-8 border-line-strong border-b font-medium text-12 text-ink-2 max-md:hidden`}
      >
        <span />
        <span>Name</span>
        <span>Rule</span>
        <span>Mode</span>
        <span className="text-right">Hits, 24{NBSP}h</span>
        <span className="text-right max-xl:hidden">Last hit</span>
        <span className="max-xl:hidden">Note</span>
        <span />
      </div>
      <ul
        onPointerOver={tellExactly}
        className={LIST}
        style={{ containIntrinsicBlockSize: `auto ${rows.length * (isPhone === true ? ROW_PX.phone : ROW_PX.wide)}px` }}
      >
        {rows.map((row) => {
          const isOpen = open === nameOf(row)
          return (
            <RuleItem
              key={nameOf(row)}
              row={row}
              isOpen={isOpen}
              isPhone={isPhone === true}
              onToggle={onToggle}
              moment={moment}
              editor={isOpen ? editor(row) : null}
            />
          )
        })}
      </ul>
    </>
  )
}

const stateOf = (row: AccessRow): AccessState =>
  row.mode === 'audit' ? 'audit' : row.rule.spec.action === 'Deny' ? 'deny' : 'allow'

interface HeadProps {
  row: AccessRow
  isOpen: boolean
  isPhone: boolean
  onToggle: Props['onToggle']
  moment: (at: number) => string
}
interface ItemProps extends HeadProps {
  /** null: it is closed. */
  editor: ReactNode
}

const isDrawnAlike = (a: ItemProps, b: ItemProps): boolean =>
  a.editor === b.editor &&
  a.isOpen === b.isOpen &&
  a.isPhone === b.isPhone &&
  a.onToggle === b.onToggle &&
  a.moment === b.moment &&
  (a.row === b.row || isSame(shownAccessRow(a.row, a.moment), shownAccessRow(b.row, b.moment)))

const RuleItem = memo(function RuleItem({ editor, ...head }: Readonly<ItemProps>) {
  const { row, isOpen, isPhone, onToggle } = head
  return (
    <li className={isOpen ? '' : CLOSED}>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => onToggle(nameOf(row))}
        className={`${isOpen ? '' : 'border-line border-b'} w-full text-left hover:bg-hover focus-visible:outline-offset-[-2px]`}
      >
        {isPhone ? <NarrowHead {...head} /> : <WideHead {...head} />}
      </button>
      {editor}
    </li>
  )
}, isDrawnAlike)

function WideHead({ row, isOpen, moment }: Readonly<HeadProps>) {
  const { name } = row.rule.metadata
  return (
    <span className={`${GRID} min-h-[34px] max-md:hidden`}>
      <AccessMark state={stateOf(row)} />
      <span className="truncate font-medium">{name}</span>
      <span className="text-ink-2 lg:truncate max-lg:py-1" title={row.sentence}>
        <Sentence text={row.sentence} />
      </span>
      <span className={row.mode === 'audit' ? 'font-medium text-warn-text' : 'text-ink-2'}>{row.mode}</span>
      <span data-hits={name} className="text-right">
        {formatAbout(row.hits.total)}
      </span>
      <span className="text-right text-ink-2 max-xl:hidden">{lastHit(row, moment)}</span>
      <span data-hits={name} className="truncate max-xl:hidden">
        <Note row={row} />
      </span>
      <ChevronDown size={14} aria-hidden className={`text-ink-2 ${isOpen ? 'rotate-180' : ''}`} />
    </span>
  )
}

function NarrowHead({ row, moment }: Readonly<HeadProps>) {
  return (
    <span className="block py-2.5 text-14">
      <span className="flex items-center gap-2.5">
        <AccessMark state={stateOf(row)} />
        <span className="min-w-0 flex-1 truncate font-semibold">{row.rule.metadata.name}</span>
        <span className={row.mode === 'audit' ? 'text-warn-text' : 'text-ink-2'}>{row.mode}</span>
      </span>
      <span className="block text-ink-2">
        <Sentence text={row.sentence} />
      </span>
      <span className="block text-13 text-ink-2">
        <span className="block empty:hidden">
          <Note row={row} />
        </span>
        {formatAbout(row.hits.total)} hits in 24{NBSP}h · last {lastHit(row, moment)}
      </span>
    </span>
  )
}

function Sentence({ text }: Readonly<{ text: string }>) {
  const [action = '', ...rest] = text.split(' ')
  return (
    <>
      <span className="font-semibold text-ink">{action}</span> {rest.join(' ')}
    </>
  )
}

const lastHit = ({ lastHitAt }: AccessRow, moment: HeadProps['moment']): string =>
  lastHitAt === null ? DASH : moment(lastHitAt)

function Note({ row }: Readonly<Pick<HeadProps, 'row'>>) {
  const note = noteOf(row)
  if (note !== null)
    return <span className={note.tone === 'warn' ? 'font-medium text-warn-text' : 'text-ink-2'}>{note.text}</span>
  if (row.unusedSince === null) return null
  return <Unused isAudit={row.mode === 'audit'} since={row.unusedSince} />
}

/** By itself, so that a minute that ends draws these words anew and not every rule. */
function Unused({ isAudit, since }: Readonly<{ isAudit: boolean; since: number }>) {
  const now = useNow(60_000)
  // Its calls may have come all the same: then another rule decided them, or this one would have decided alike.
  const words = isAudit ? 'No difference' : 'Decided no call'
  return (
    <span className="inline-flex items-center gap-2 text-ink-2">
      <StatusMark state="idle" />
      {now === null ? words : `${words} for ${roughly(now - since)}`}
    </span>
  )
}

/** In the largest unit alone: "31 d", "5 h". */
function roughly(ms: number): string {
  const unit = [86_400_000, 3_600_000, 60_000].find((length) => ms >= length) ?? 1_000
  return lengthText(Math.floor(ms / unit) * unit)
}
