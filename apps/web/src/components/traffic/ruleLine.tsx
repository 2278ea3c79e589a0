// A rule as a line: its match in words, why it wins, its split, how it does; and the heads of these columns.
'use client'
import { ChevronDown } from 'lucide-react'
import { memo } from 'react'
import { MiniThreads } from '@/components/charts/miniThreads'
import { Aligned, SuccessCell } from '@/components/ui/numbers'
import { isSame } from '@/data/isSame'
import { formatThreeFigures } from '@/data/numbers'
import { shareTexts } from '@/data/shares'
import { shownRule } from '@/data/shownTraffic'
import type { TrafficRule } from '@/server/schemas/traffic'

export type ToggleRule = (label: string, isOpen: boolean) => void

interface Props {
  rule: TrafficRule
  place: number
  isOpen: boolean
  /** Its success is below the objective. */
  isBelow: boolean
  /** Id of what it opens. */
  panel: string
  onToggle: ToggleRule
}

const RULE_GRID =
  'grid grid-cols-[24px_minmax(180px,1fr)_130px_minmax(150px,230px)_80px_92px_80px_24px] items-center gap-x-3 max-xl:grid-cols-[24px_minmax(0,1fr)_minmax(150px,230px)_80px_92px_24px] max-md:grid-cols-[20px_minmax(0,1fr)_auto_20px]'

/** The heads of the rules' columns, for those who see them; each rule says the same in words. */
export function RuleHeads() {
  return (
    <div
      aria-hidden
      className={`${RULE_GRID} h-8 border-line-strong border-b font-medium text-12 text-ink-2 max-md:hidden`}
    >
      <span />
      <span>Match</span>
      <span className="max-xl:hidden">Wins by</span>
      <span>Split %</span>
      <span className="text-right">Success %</span>
      <span className="text-right">Volume rps</span>
      <span className="text-right max-xl:hidden">p99 ms</span>
      <span />
    </div>
  )
}

const isDrawnAlike = ({ rule: before, ...a }: Props, { rule: now, ...b }: Props) =>
  isSame(a, b) && (before === now || isSame(shownRule(before), shownRule(now)))

/** Drawn anew only when it would read otherwise. */
export const RuleLine = memo(function RuleLine(props: Readonly<Props>) {
  const { rule, place, isOpen, isBelow, panel, onToggle } = props
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      aria-controls={isOpen ? panel : undefined}
      onClick={() => onToggle(rule.label, isOpen)}
      className={`${RULE_GRID} min-h-[38px] w-full text-left hover:bg-hover focus-visible:outline-offset-[-2px] max-md:min-h-12`}
    >
      <span className="text-ink-2">{place}</span>
      <MatchText match={rule.match} isStrong={isOpen} />
      <span className="text-ink-2 max-xl:hidden">{rule.winsBy}</span>
      <span className="inline-flex items-center gap-2 overflow-hidden whitespace-nowrap">
        <Split rule={rule} />
      </span>
      <span className="text-right max-md:hidden">
        <SuccessCell
          percent={rule.golden.successRate}
          requests={rule.golden.requests}
          tone={isBelow ? 'text-warn-text' : ''}
        />
      </span>
      <span className="text-right max-md:hidden">
        <Aligned text={formatThreeFigures(rule.golden.requestsPerSecond)} />
      </span>
      <span className="text-right text-ink-2 max-xl:hidden">
        <Aligned text={formatThreeFigures(rule.golden.latencyMs.p99)} />
      </span>
      <ChevronDown size={14} aria-hidden className={`justify-self-end text-ink-2 ${isOpen ? 'rotate-180' : ''}`} />
    </button>
  )
}, isDrawnAlike)

function MatchText({ match, isStrong }: Readonly<{ match: string; isStrong: boolean }>) {
  const where = match.indexOf(' where ')
  const head = where === -1 ? match : match.slice(0, where)
  return (
    <span className="min-w-0 truncate max-md:wrap-anywhere max-md:whitespace-normal max-md:py-1.5">
      <span className={`font-mono ${isStrong ? 'font-semibold text-13' : 'text-12'}`}>{head}</span>
      {where !== -1 && <span className="text-ink-2">{match.slice(where)}</span>}
    </span>
  )
}

function Split({ rule }: Readonly<{ rule: TrafficRule }>) {
  if (rule.backends.length === 0) return <span className="text-ink-3">no split</span>
  const texts = shareTexts(rule.backends.map((backend) => backend.weight))
  const label = (i: number) => rule.backends[i]?.version ?? rule.backends[i]?.name
  return (
    <>
      <span className="max-md:hidden">
        <MiniThreads shares={rule.backends.map((backend) => backend.percent)} />
      </span>
      <span className="truncate">
        {rule.backends.map((backend, i) => (
          <span key={backend.name}>
            {i > 0 && <span className="text-ink-3"> · </span>}
            <span className="text-ink-3">{label(i)}</span> {texts[i]}
          </span>
        ))}
      </span>
    </>
  )
}
