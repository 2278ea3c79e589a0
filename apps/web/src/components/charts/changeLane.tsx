// The lane of change marks above the charts: pointed eyes on wires that cross all three, each a link to its change.
'use client'
import { memo, useEffect, useRef, useState } from 'react'
import { Link } from '@/components/frame/link'
import { Hint } from '@/components/ui/hint'
import { type MarkGroup, markGroups, type PlotSpan, TARGET_PIXELS, WIRE_PIXELS } from '@/data/goldenChart'
import { isSame } from '@/data/isSame'
import { formatRevision } from '@/data/numbers'
import { clockTime } from '@/data/timeRange'
import { type Zone, zoneName } from '@/data/zone'
import { routes } from '@/lib/routes'
import type { ChangeMark } from '@/server/schemas/numbers'

/** Pixels that a mark's words need. */
const LEAST_ROOM = 190
const MOST_WIDTH = 300
/** Of the last one, beside which no other stands. */
const MOST_WIDTH_AT_END = 520

interface Props {
  marks: readonly ChangeMark[]
  /** What the plots below span. */
  span: PlotSpan
  /** Width of the plots' y axis in pixels. */
  axisWidth: number
  zone: Zone
}

export const ChangeLane = memo(function ChangeLane({ marks, span, axisWidth, zone }: Readonly<Props>) {
  const lane = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(800)
  useEffect(() => {
    if (lane.current === null) return
    const observer = new ResizeObserver(([entry]) => entry && setWidth(entry.contentRect.width))
    observer.observe(lane.current)
    return () => observer.disconnect()
  }, [])
  const wires = markGroups(marks, span, width, WIRE_PIXELS)
  const targets = markGroups(marks, span, width, TARGET_PIXELS)
  return (
    <div
      className="pointer-events-none absolute top-0 right-[58px] bottom-[22px] z-2"
      style={{ left: axisWidth }}
      ref={lane}
    >
      {wires.map((wire) => (
        <span
          key={wire.marks[0]?.revision}
          aria-hidden
          className="absolute top-[14px] bottom-0 w-px bg-ink-2/70"
          style={{ left: `${wire.at * 100}%` }}
        >
          <svg viewBox="0 0 15 15" width={15} height={15} aria-hidden className="-top-[12px] -left-[7px] absolute">
            <path d="M7.5.5C10 3 10.8 5 10.8 7.5S10 12 7.5 14.5C5 12 4.2 10 4.2 7.5S5 3 7.5.5Z" fill="var(--text-1)" />
            <ellipse cx={7.5} cy={7.5} rx={1.3} ry={2.6} fill="var(--canvas)" />
          </svg>
        </span>
      ))}
      {targets.map((target, i) => (
        <Target
          key={target.marks[0]?.revision}
          target={target}
          width={width}
          zone={zone}
          begins={targets[i - 1]?.until ?? 0}
          ends={targets[i + 1]?.at ?? 1}
          isLast={i === targets.length - 1}
        />
      ))}
    </div>
  )
}, isSame)

interface TargetProps {
  target: MarkGroup
  width: number
  zone: Zone
  /** Where the neighbours are, as shares of the width. */
  begins: number
  ends: number
  isLast: boolean
}

/** What is pressed to open a change, or several that lie too close to tell apart; with words where there is room. */
function Target({ target, width, zone, begins, ends, isLast }: Readonly<TargetProps>) {
  const newest = target.marks.at(-1)
  if (newest === undefined) return null
  const right = (ends - target.until) * width
  const left = (target.at - begins) * width
  // The words stand right of their eye; at the right end, where a neighbour leaves room, left of it.
  const isLeft = isLast && right < LEAST_ROOM && left > MOST_WIDTH + LEAST_ROOM
  const room = (isLeft ? left - MOST_WIDTH : right) - TARGET_PIXELS
  const hasWords = room > LEAST_ROOM
  const title = target.marks.length === 1 ? newest.summary : `${target.marks.length} changes`
  const side = isLeft
    ? { right: `calc(${(1 - target.until) * 100}% - ${TARGET_PIXELS / 2}px)` }
    : { left: `calc(${target.at * 100}% - ${TARGET_PIXELS / 2}px)` }
  const eyes = (target.until - target.at) * width + TARGET_PIXELS
  return (
    <Hint text={target.marks.map((m) => `${clockTime(m.at, zone)} ${m.actor}: ${m.summary}`).join(' · ')}>
      <Link
        href={routes.change(newest.revision)}
        className={`pointer-events-auto absolute -top-1 z-3 flex h-6 items-center whitespace-nowrap text-12 ${isLeft ? 'flex-row-reverse' : ''}`}
        style={side}
      >
        <span className="shrink-0" style={{ width: eyes }} />
        <span className="sr-only">
          {clockTime(newest.at, zone)} {zoneName(newest.at, zone)}:{' '}
        </span>
        <span
          className={hasWords ? 'block truncate' : 'sr-only'}
          style={
            hasWords ? { maxWidth: Math.min(isLast && !isLeft ? MOST_WIDTH_AT_END : MOST_WIDTH, room) } : undefined
          }
        >
          <span className="font-medium">{title}</span>{' '}
          <span className="text-ink-3">
            {formatRevision(newest.revision)} {newest.actor}
          </span>
        </span>
      </Link>
    </Hint>
  )
}
