// Who calls the service and whom it calls, with the volume between them as threads through its eye.
'use client'
import { memo } from 'react'
import { dye } from '@/components/charts/miniThreads'
import { Link } from '@/components/frame/link'
import { RowsInSight } from '@/components/ui/inSight'
import { Aligned, SuccessCell } from '@/components/ui/numbers'
import { toneOf } from '@/components/ui/status'
import { Joined, LastSince } from '@/components/ui/youth'
import { isSame } from '@/data/isSame'
import { bundle, strandPath, threadCount, threadUnit } from '@/data/neighbours'
import {
  carriedText,
  formatLatency,
  formatShare,
  formatSuccess,
  formatThreeFigures,
  NBSP,
  quantityText,
  rateUnit,
} from '@/data/numbers'
import { shapeOfEdge, shownEdge } from '@/data/shownRow'
import { troubledNumber } from '@/data/trouble'
import { routes } from '@/lib/routes'
import type { Edge, ServicesGetOutput } from '@/server/schemas/services'

const ROW = 34
const HEAD = 32
const STRAND_WIDTH = 130

export function Neighbours({ data }: Readonly<{ data: ServicesGetOutput }>) {
  const { callers, callees, versions, sharesSince } = data
  const unit = threadUnit([callers.map((e) => e.requestsPerSecond), callees.map((e) => e.requestsPerSecond)])
  const height = Math.max(180, HEAD + Math.max(callers.length, callees.length, versions.length * 2) * ROW)
  return (
    <section aria-label="Callers and callees" className="mt-8 border-line border-t pt-4">
      <div className="mb-1 flex items-baseline gap-3">
        <h2 className="font-semibold text-14">Callers and callees</h2>
        <span className="text-12 text-ink-3 max-lg:hidden">
          one thread is {unit}
          {NBSP}
          {rateUnit(data.protocol)}
        </span>
      </div>
      <div className="flex gap-4 max-lg:flex-col">
        <EdgeTable
          title={`Calls ${data.service}`}
          edges={callers}
          range={data.range}
          none="Nobody in the mesh calls it in this range."
        />
        {callers.length > 0 && <Strands {...strandsOf(callers, unit)} height={height} isLeft />}
        <div className="w-44 shrink-0 text-center max-lg:order-first max-lg:w-auto max-lg:text-left">
          <div className="flex h-8 items-center justify-center font-semibold max-lg:hidden">{data.service}</div>
          <ul
            className="flex flex-col justify-center gap-4 text-left lg:px-3"
            style={{ minHeight: versions.length > 1 ? height - HEAD * 2 : undefined }}
          >
            {versions.map((version, i) => (
              <li key={version.version}>
                <span className="flex items-center gap-2 font-medium">
                  <span className="size-2 rounded-[2px]" style={{ background: dye(i) }} />
                  {version.version}
                  {version.share !== null && (
                    <span className="font-normal text-ink-2">
                      {formatShare(version.share)}
                      {NBSP}%
                    </span>
                  )}
                </span>
                {version.joinedAt !== null && (
                  <span className="block text-12 text-ink-2">
                    <Joined at={version.joinedAt} />
                  </span>
                )}
                <span className="block text-12 text-ink-2">
                  {version.instances.ready} ready · p99 {quantityText(formatLatency(version.latencyMs.p99))}
                </span>
                {version.successRate !== null && (
                  <span
                    className={`block text-12 ${troubledNumber(version.health) === 'success' ? toneOf(version.health.state) : 'text-ink-2'}`}
                  >
                    {formatSuccess(version.successRate)}
                    {NBSP}% success
                  </span>
                )}
              </li>
            ))}
          </ul>
          {sharesSince !== null && versions.length > 1 && (
            <p className="text-left text-12 text-ink-2 lg:px-3">
              Shares of the <LastSince at={sharesSince} />
            </p>
          )}
        </div>
        {callees.length > 0 && <Strands {...strandsOf(callees, unit)} height={height} isLeft={false} />}
        <EdgeTable
          title={`${data.service} calls`}
          edges={callees}
          range={data.range}
          none="It calls nobody in this range."
        />
      </div>
    </section>
  )
}

interface EdgesProps {
  title: string
  edges: readonly Edge[]
  range: ServicesGetOutput['range']
  none: string
}

function EdgeTable({ title, edges, range, none }: Readonly<EdgesProps>) {
  if (edges.length === 0)
    return (
      <div className="min-w-0 flex-1">
        <div className="flex h-8 items-center text-12 text-ink-2">{title}</div>
        <p className="text-ink-3">{none}</p>
      </div>
    )
  return (
    <div className="min-w-0 flex-1">
      <table className="grid-table">
        <thead>
          <tr>
            <th scope="col">{title}</th>
            <th scope="col" className="number">
              Success %
            </th>
            <th scope="col" className="number">
              Volume rps
            </th>
            <th scope="col" className="number">
              p99 ms
            </th>
          </tr>
        </thead>
        <RowsInSight rows={edges} of={title} range={range} shapeOf={shapeOfEdge}>
          {(edge) => <EdgeRow key={edge.peer} edge={edge} />}
        </RowsInSight>
      </table>
    </div>
  )
}

/** Drawn anew only when it would read otherwise. */
const EdgeRow = memo(
  function EdgeRow({ edge }: Readonly<{ edge: Edge }>) {
    const trouble = troubledNumber(edge.health)
    const tone = toneOf(edge.health.state)
    return (
      <tr className={isService(edge.peer) ? 'link-row' : ''}>
        <td>
          {isService(edge.peer) ? (
            <Link href={routes.service(edge.peer)} className="row-link font-medium">
              {edge.peer}
            </Link>
          ) : (
            <span className="text-ink-2">{edge.peer === 'public' ? 'outside the mesh' : edge.peer}</span>
          )}
        </td>
        <td className="number">
          <SuccessCell percent={edge.successRate} requests={edge.requests} tone={trouble === 'success' ? tone : ''} />
        </td>
        <td className="number">
          <Aligned text={formatThreeFigures(edge.requestsPerSecond)} />
          {edge.bytesPerSecond !== null && (
            <span className="block text-12 text-ink-2 leading-4 max-md:whitespace-normal">
              conn/s, {carriedText(edge.bytesPerSecond)}
            </span>
          )}
        </td>
        <td className={`number ${trouble === 'p99' ? `font-medium ${tone}` : 'text-ink-2'}`}>
          <Aligned text={formatThreeFigures(edge.latencyMs.p99)} />
        </td>
      </tr>
    )
  },
  (a, b) => a.edge === b.edge || isSame(shownEdge(a.edge), shownEdge(b.edge)),
)

const isService = (peer: string) => peer !== 'public' && peer !== 'egress'

const strandsOf = (edges: readonly Edge[], unit: number) => ({
  peers: edges.map(({ peer }) => peer),
  counts: edges.map(({ requestsPerSecond }) => threadCount(requestsPerSecond, unit)),
})

interface StrandsProps {
  peers: readonly string[]
  /** Threads of each. */
  counts: readonly number[]
  height: number
  isLeft: boolean
}

/** The threads between a table and the service's eye; mirrored on the right. A tick seldom moves one of them. */
const Strands = memo(function Strands({ peers, counts, height, isLeft }: Readonly<StrandsProps>) {
  const tops = peers.map((_, i) => HEAD + i * ROW)
  const { strands, eye } = bundle(counts, tops, ROW, height)
  const wire = STRAND_WIDTH - 5
  return (
    <svg
      viewBox={`0 0 ${STRAND_WIDTH} ${height}`}
      width={STRAND_WIDTH}
      height={height}
      aria-hidden
      className={`shrink-0 max-lg:hidden ${isLeft ? '' : '-scale-x-100'}`}
    >
      <g fill="none" stroke="var(--n-7)" strokeWidth={0.9}>
        {strands.map((strand, i) => (
          <path key={peers[i]} d={strandPath(strand, wire)} />
        ))}
      </g>
      <g fill="none" stroke="var(--text-1)" strokeWidth={1.5}>
        <path d={`M${wire} ${HEAD - 8}V${eye.top}M${wire} ${eye.top + eye.height}V${height}`} />
        <rect x={wire - 4} y={eye.top} width={8} height={eye.height} rx={4} />
      </g>
    </svg>
  )
}, isSame)
