// Join tokens that one maker made in a row, as one line; open, each of them.
'use client'
import type { Change } from '@heddle/shared/api/index'
import { useZone } from '@/components/frame/useZone'
import { formatCount, formatRevision } from '@/data/numbers'
import { clockSeconds } from '@/data/timeRange'
import { zoneName } from '@/data/zone'
import { CHANGE_GRID, Eye } from './changeEntry'

interface Props {
  /** Newest first, at least one. */
  changes: readonly Change[]
  isOpen: boolean
  onToggle: () => void
}

export function JoinTokensEntry({ changes, isOpen, onToggle }: Readonly<Props>) {
  const [zone] = useZone()
  const [newest] = changes
  const oldest = changes.at(-1)
  if (newest === undefined || oldest === undefined) return null
  return (
    <li className="relative pl-7">
      <Eye isMinor />
      <h3 className="border-line border-b">
        <button type="button" aria-expanded={isOpen} onClick={onToggle} className={`${CHANGE_GRID} w-full text-left`}>
          <span className="text-ink-2 max-md:text-13">
            {clockSeconds(newest.at, zone)}
            <span className="md:sr-only"> {zoneName(newest.at, zone)}</span>
          </span>
          <span className="text-ink-2 max-md:col-span-2 max-md:row-start-2">
            {formatCount(changes.length)} join tokens by <bdi>{newest.actor}</bdi>
          </span>
          <span className="max-xl:hidden" />
          <bdi className="[overflow-wrap:anywhere] max-md:text-right">{newest.actor}</bdi>
          <span className="whitespace-nowrap text-right text-ink-2 max-lg:hidden">
            {formatRevision(newest.revision)}
          </span>
          <span className="max-xl:hidden" />
          <span className="max-lg:hidden" />
          <span className="max-[1399px]:hidden" />
          <span className="text-right text-ink-3 max-md:hidden">{isOpen ? 'Close' : 'Show'}</span>
        </button>
      </h3>
      {isOpen && (
        <ul className="border-line border-b py-2">
          {changes.map((change) => (
            <li key={change.revision} className="flex min-h-7 flex-wrap items-center gap-x-4 text-ink-2">
              <span>
                {clockSeconds(change.at, zone)} {zoneName(change.at, zone)}
              </span>
              <span className="text-ink">{change.summary}</span>
              <span className="ml-auto">{formatRevision(change.revision)}</span>
            </li>
          ))}
        </ul>
      )}
    </li>
  )
}
