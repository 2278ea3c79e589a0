// The split as 100 threads, one per cent each: as it is now, as proposed, and between them the threads that move.
'use client'
import { useId } from 'react'
import { dye } from '@/components/charts/miniThreads'
import { sharesOf, sharesText, threadsOf } from '@/data/shares'

interface Props {
  /** Weights or shares, each. */
  now: readonly number[]
  proposed: readonly number[]
  height?: number
}

/** Height of either row where there is room for both. */
const BAND = 20
const PITCH = 3.6

export function ThreadsDiagram({ now, proposed, height = 60 }: Readonly<Props>) {
  const id = useId()
  const threads = threadsOf(sharesOf(now), sharesOf(proposed))
  const band = Math.min(BAND, height / 2)
  const middle = height - 2 * band
  const pairs = new Map<string, { from: number; to: number; d: string }>()
  let still = ''
  const top = new Map<number, string>()
  const bottom = new Map<number, string>()
  for (const [i, owner] of threads.now.entries()) {
    const taker = threads.proposed[i] ?? owner
    const x = i * PITCH + 1.2
    if (owner === taker) {
      still += `M${x} ${band}v${middle}`
      extend(top, owner, `M${x} 0v${band}`)
      extend(bottom, owner, `M${x} ${height - band}v${band}`)
      continue
    }
    const pair = pairs.get(`${owner}-${taker}`) ?? { from: owner, to: taker, d: '' }
    pair.d += `M${x} 0h1.9v${height}h-1.9Z`
    pairs.set(`${owner}-${taker}`, pair)
  }
  const width = 100 * PITCH
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`Now ${sharesText(now)}, proposed ${sharesText(proposed)}`}
      className="block w-full"
      style={{ height }}
    >
      <path d={still} stroke="var(--line-strong)" strokeWidth={1} />
      {[...top, ...bottom].map(([owner, d], i) => (
        <path
          key={`${owner}-${i < top.size ? 'now' : 'then'}`}
          d={d}
          stroke={dye(owner)}
          strokeWidth={1.9}
          transform="translate(.95 0)"
        />
      ))}
      {[...pairs.values()].map((pair) => (
        <g key={`${pair.from}-${pair.to}`}>
          <linearGradient
            id={`${id}-${pair.from}-${pair.to}`}
            x1={0}
            x2={0}
            y1={0}
            y2={height}
            gradientUnits="userSpaceOnUse"
          >
            <stop offset={0.34} stopColor={dye(pair.from)} />
            <stop offset={0.66} stopColor={dye(pair.to)} />
          </linearGradient>
          <path d={pair.d} fill={`url(#${id}-${pair.from}-${pair.to})`} />
        </g>
      ))}
    </svg>
  )
}

function extend(paths: Map<number, string>, owner: number, d: string): void {
  paths.set(owner, (paths.get(owner) ?? '') + d)
}
