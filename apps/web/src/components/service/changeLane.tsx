// The lane of change marks above the charts: pointed eyes on wires that cross all three, each a link to its change.
'use client'
import { useEffect, useRef, useState } from 'react'
import { Link } from '@/components/frame/link'
import { Hint } from '@/components/ui/tooltip'
import { markGroups } from '@/data/goldenChart'
import { formatRevision } from '@/data/numbers'
import { clockTime } from '@/data/timeRange'
import { routes } from '@/lib/routes'
import type { ChangeMark } from '@/server/schemas/numbers'

/** Pixels that a mark's words need. */
const LEAST_ROOM = 190

interface Props {
  marks: readonly ChangeMark[]
  from: number
  to: number
  /** Width of the plots' y axis in pixels. */
  axisWidth: number
}

export function ChangeLane({ marks, from, to, axisWidth }: Readonly<Props>) {
  const lane = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(800)
  useEffect(() => {
    if (lane.current === null) return
    const observer = new ResizeObserver(([entry]) => entry && setWidth(entry.contentRect.width))
    observer.observe(lane.current)
    return () => observer.disconnect()
  }, [])
  const groups = markGroups(marks, from, to, width)
  return (
    <div
      className="pointer-events-none absolute top-0 right-[58px] bottom-[22px] z-2"
      style={{ left: axisWidth }}
      ref={lane}
    >
      {groups.map((group, i) => {
        const newest = group.marks.at(-1)
        if (newest === undefined) return null
        const next = groups[i + 1]
        const previous = groups[i - 1]
        const right = ((next?.at ?? 1) - group.at) * width
        const left = (group.at - (previous?.at ?? 0)) * width
        // The words stand right of their eye; at the right end, where a neighbour leaves room, left of it.
        const isLeft = right < LEAST_ROOM && left > right && next === undefined
        const room = isLeft ? left : right
        const title = group.marks.length === 1 ? newest.summary : `${group.marks.length} changes`
        return (
          <div key={newest.revision} className="absolute inset-y-0" style={{ left: `${group.at * 100}%` }}>
            <span className="absolute top-[14px] bottom-0 w-px bg-ink-2/70" />
            <Hint text={group.marks.map((m) => `${clockTime(m.at)} ${m.actor}: ${m.summary}`).join(' · ')}>
              <Link
                href={routes.change(newest.revision)}
                className={`pointer-events-auto absolute top-0 z-3 flex h-5 items-center gap-1.5 whitespace-nowrap text-12 ${isLeft ? '-right-[7px] flex-row-reverse' : '-left-[7px]'}`}
              >
                <svg viewBox="0 0 15 15" width={15} height={15} aria-hidden>
                  <path
                    d="M7.5.5C10 3 10.8 5 10.8 7.5S10 12 7.5 14.5C5 12 4.2 10 4.2 7.5S5 3 7.5.5Z"
                    fill="var(--text-1)"
                  />
                  <ellipse cx={7.5} cy={7.5} rx={1.3} ry={2.6} fill="var(--canvas)" />
                </svg>
                <span className="sr-only">{clockTime(newest.at)} UTC: </span>
                <span
                  className={room > LEAST_ROOM ? 'block max-w-[300px] truncate' : 'sr-only'}
                  style={room > LEAST_ROOM ? { maxWidth: room - 30 } : undefined}
                >
                  <span className="font-medium">{title}</span>{' '}
                  <span className="text-ink-3">
                    {formatRevision(newest.revision)} {newest.actor}
                  </span>
                </span>
              </Link>
            </Hint>
          </div>
        )
      })}
    </div>
  )
}
