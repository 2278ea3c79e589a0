// One service as a row of the table. A problem shows in the cell that has it.
'use client'
import { memo } from 'react'
import { MiniThreads } from '@/components/charts/miniThreads'
import { VolumeSpark } from '@/components/charts/sparkline'
import { Link } from '@/components/frame/link'
import { useMoment } from '@/components/frame/useMoment'
import { Aligned, FailedCell, SuccessCell } from '@/components/ui/numbers'
import { Status, StatusMark, toneOf } from '@/components/ui/status'
import { Joined, LastSince } from '@/components/ui/youth'
import { isSame } from '@/data/isSame'
import { carriedText, formatShare, formatThreeFigures } from '@/data/numbers'
import { isSlow, shownService } from '@/data/shownRow'
import { routes } from '@/lib/routes'
import type { Protocol } from '@/server/schemas/numbers'
import type { ServiceRow } from '@/server/schemas/services'

interface Props {
  row: ServiceRow
  /** Its place in the whole list, the first being 0. */
  index: number
  measure: ((element: Element | null) => void) | undefined
}

const isDrawnAlike = (a: Props, b: Props) =>
  a.index === b.index &&
  a.measure === b.measure &&
  (a.row === b.row || isSame(shownService(a.row), shownService(b.row)))

const QUANTILES = ['p50', 'p95', 'p99'] as const

/** Drawn anew only when it would read otherwise. */
export const ServiceRowCells = memo(function ServiceRowCells({ row, index, measure }: Readonly<Props>) {
  const belowObjective = row.successRate !== null && row.successRate < row.objective.successRate
  const tone = toneOf(row.health.state)
  return (
    <tr ref={measure} data-index={index} aria-rowindex={index + 2} className="link-row">
      <td className="w-[126px]">
        <Status state={row.health.state} isAbsent={row.instances.all === 0} />
      </td>
      <td>
        <Name service={row.service} owner={row.owner} joinedAt={row.joinedAt} />
      </td>
      <td className="number">
        <SuccessCell percent={row.successRate} requests={row.requests} tone={belowObjective ? tone : ''} />
      </td>
      <td className="number">
        <FailedCell failures={row.failures} requests={row.requests} />
      </td>
      <td className="number">
        <Aligned text={formatThreeFigures(row.requestsPerSecond)} />
        {row.bytesPerSecond !== null && <span className="block text-12 text-ink-2 leading-4">conn/s</span>}
      </td>
      {QUANTILES.map((quantile) => (
        <td key={quantile} className={`number ${quantile === 'p99' ? (isSlow(row) ? tone : '') : 'text-ink-2'}`}>
          <Aligned text={formatThreeFigures(row.latencyMs[quantile])} />
        </td>
      ))}
      <td className="pl-3 max-lg:hidden">
        {row.requests === 0 && row.health.state === 'idle' ? (
          <LastCall at={row.lastTrafficAt} protocol={row.protocol} />
        ) : (
          <>
            <VolumeSpark spark={row.spark} className="block" />
            {row.bytesPerSecond !== null && (
              <span className="block whitespace-nowrap text-12 text-ink-2 leading-4">
                {carriedText(row.bytesPerSecond)}
              </span>
            )}
          </>
        )}
      </td>
      <td className="max-xl:hidden">
        <Versions versions={row.versions} sharesSince={row.sharesSince} />
      </td>
      <td className="number">
        <Ready {...row.instances} />
      </td>
    </tr>
  )
}, isDrawnAlike)

/** Apart from the numbers, which move with each tick. */
const Name = memo(function Name({
  service,
  owner,
  joinedAt,
}: Readonly<Pick<ServiceRow, 'service' | 'owner' | 'joinedAt'>>) {
  return (
    <>
      <Link href={routes.service(service)} className="row-link font-medium">
        {service}
      </Link>
      {owner !== null && <span className="ml-2 whitespace-nowrap text-ink-3">{owner}</span>}
      {joinedAt !== null && (
        <span className="ml-2 whitespace-nowrap text-12 text-ink-2">
          <Joined at={joinedAt} />
        </span>
      )}
    </>
  )
})

export const Ready = memo(function Ready({ ready, all }: Readonly<{ ready: number; all: number }>) {
  if (all === 0) return <span className="text-ink-3">0/0</span>
  return (
    <>
      <span className={ready < all ? 'font-medium text-warn-text' : ''}>{ready}</span>
      <span className="text-ink-3">/{all}</span>
    </>
  )
})

export function LastCall({ at, protocol }: Readonly<{ at: number | null; protocol: Protocol }>) {
  const moment = useMoment()
  const noun = protocol === 'tcp' ? 'connection' : 'request'
  if (at === null) return <span className="text-ink-3">no {noun} yet</span>
  return (
    <span className="whitespace-nowrap text-ink-2">
      last {noun} {moment(at)}
    </span>
  )
}

const Versions = memo(function Versions({
  versions,
  sharesSince,
}: Readonly<Pick<ServiceRow, 'versions' | 'sharesSince'>>) {
  const [only, ...more] = versions
  if (only === undefined) return null
  const shared = versions.filter((version) => version.share !== null && version.share > 0)
  if (more.length === 0 || shared.length < 2)
    return <span className="text-ink-3">{versions.map((version) => version.version).join(', ')}</span>
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      <MiniThreads shares={versions.map((version) => version.share ?? 0)} />
      <span>
        {shared.map((version, i) => {
          const tone = toneOf(version.state)
          return (
            <span key={version.version}>
              {i > 0 && <span className="text-ink-3"> · </span>}
              {tone !== '' && <StatusMark state={version.state} className="-mt-0.5 mr-1 inline size-2.5" />}
              <span className={tone === '' ? 'text-ink-3' : `font-medium ${tone}`}>{version.version}</span>{' '}
              {formatShare(version.share ?? 0)}
            </span>
          )
        })}
        {sharesSince !== null && (
          <span className="ml-2 text-12 text-ink-2">
            <LastSince at={sharesSince} />
          </span>
        )}
      </span>
    </span>
  )
}, isSame)
