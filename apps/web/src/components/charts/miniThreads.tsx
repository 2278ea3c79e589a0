// A split in one cell: a few threads in the dyes of the versions. The shares stand in words beside it.
import { memo } from 'react'
import { isSame } from '@/data/isSame'
import { apportion } from '@/data/shares'

/** Dyes go to versions in order of first appearance and stay. */
export function dye(index: number): string {
  return `var(--dye-${(index % 6) + 1})`
}

const THREADS = 18
const PITCH = 3.4
const HEIGHT = 12

export const MiniThreads = memo(function MiniThreads({ shares }: Readonly<{ shares: readonly number[] }>) {
  let begin = 0
  const strands = apportion(THREADS, shares).map((count, owner) => {
    const at = begin
    begin += count
    const d = Array.from({ length: count }, (_, n) => `M${(at + n) * PITCH + 1} 0v${HEIGHT}`).join('')
    return { color: dye(owner), d }
  })
  return (
    <svg
      viewBox={`0 0 ${THREADS * PITCH} ${HEIGHT}`}
      width={THREADS * PITCH}
      height={HEIGHT}
      aria-hidden
      className="shrink-0"
    >
      {strands.map(({ color, d }) => (
        <path key={color} d={d} stroke={color} strokeWidth={1.9} />
      ))}
    </svg>
  )
}, isSame)
