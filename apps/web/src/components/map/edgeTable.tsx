// The map's edges as a table: the same numbers for who reads rather than looks, sorted by any column.
'use client'
import { parseAsStringLiteral, useQueryStates } from 'nuqs'
import { Link } from '@/components/frame/link'
import { Aligned, FailedCell, SuccessCell } from '@/components/ui/numbers'
import { SortHead } from '@/components/ui/sortHead'
import { StatusMark, toneOf } from '@/components/ui/status'
import { EDGE_SORTS, type EdgeSort, firstOrder, sortEdges } from '@/data/mapTable'
import { nodeName } from '@/data/mapText'
import { carriedText, formatThreeFigures } from '@/data/numbers'
import { troubledNumber } from '@/data/trouble'
import { routes } from '@/lib/routes'
import type { MapGetOutput, MapNode } from '@/server/schemas/map'
import { EdgeCards } from './edgeCards'

const COLUMNS: readonly { sort: EdgeSort; name: string; unit?: string; isNumber?: boolean; className?: string }[] = [
  { sort: 'source', name: 'From' },
  { sort: 'target', name: 'To' },
  { sort: 'success', name: 'Success', unit: '%', isNumber: true },
  { sort: 'failed', name: 'Failed', isNumber: true, className: 'max-md:hidden' },
  { sort: 'volume', name: 'Volume', unit: 'rps', isNumber: true },
  { sort: 'p99', name: 'p99', unit: 'ms', isNumber: true },
]
const parsers = {
  sort: parseAsStringLiteral(EDGE_SORTS).withDefault('success'),
  order: parseAsStringLiteral(['asc', 'desc']).withDefault('asc'),
}

interface Props {
  data: MapGetOutput
  focus: string | null
  isPhone: boolean
}

export function EdgeTable({ data, focus, isPhone }: Readonly<Props>) {
  const [{ sort, order }, setView] = useQueryStates(parsers)
  const nodes = new Map(data.nodes.map((node) => [node.id, node]))
  const kept = focus === null ? data.edges : data.edges.filter((e) => e.source === focus || e.target === focus)
  const turn = (column: EdgeSort) =>
    void setView({
      sort: column,
      order: column === sort ? (order === 'asc' ? 'desc' : 'asc') : firstOrder(column),
    })
  if (isPhone)
    return (
      <section aria-label="Edges">
        <EdgeCards
          edges={sortEdges(kept, sort, firstOrder(sort))}
          sort={sort}
          onSort={(column) => void setView({ sort: column, order: firstOrder(column) })}
          nameOf={(id) => <Name node={nodes.get(id)} />}
        />
      </section>
    )
  return (
    <section aria-label="Edges" className="overflow-x-auto">
      <table className="grid-table">
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <SortHead
                key={column.sort}
                active={sort === column.sort && order}
                onSort={() => turn(column.sort)}
                className={`${column.isNumber ? 'number' : ''} ${column.className ?? ''}`}
              >
                {column.name}
                {column.unit !== undefined && <span className="font-normal text-ink-3"> {column.unit}</span>}
              </SortHead>
            ))}
            <th scope="col" className="md:pl-6 max-md:hidden">
              Mutual TLS
            </th>
          </tr>
        </thead>
        <tbody>
          {sortEdges(kept, sort, order).map((edge) => {
            const tone = toneOf(edge.health.state)
            const trouble = troubledNumber(edge.health)
            return (
              <tr key={`${edge.source} ${edge.target}`}>
                <td>
                  <Name node={nodes.get(edge.source)} />
                </td>
                <td>
                  {tone !== '' && <StatusMark state={edge.health.state} className="mr-1.5 inline" />}
                  <Name node={nodes.get(edge.target)} />
                  {edge.health.reason !== null && tone !== '' && (
                    <span className="sr-only">, {edge.health.reason}</span>
                  )}
                </td>
                <td className="number">
                  <SuccessCell
                    percent={edge.golden.successRate}
                    requests={edge.golden.requests}
                    tone={trouble === 'success' ? tone : ''}
                  />
                </td>
                <td className="number max-md:hidden">
                  <FailedCell failures={edge.golden.failures} requests={edge.golden.requests} />
                </td>
                <td className="number">
                  <Aligned text={formatThreeFigures(edge.golden.requestsPerSecond)} />
                  {edge.bytesPerSecond !== null && (
                    <span className="block text-12 text-ink-2 leading-4">
                      conn/s, {carriedText(edge.bytesPerSecond)}
                    </span>
                  )}
                </td>
                <td className={`number ${trouble === 'p99' ? `font-medium ${tone}` : 'text-ink-2'}`}>
                  <Aligned text={formatThreeFigures(edge.golden.latencyMs.p99)} />
                </td>
                <td className="md:pl-6 max-md:hidden">
                  {edge.isMutualTls ? <span className="text-ink-3">yes</span> : <span>no, outside the mesh</span>}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}

function Name({ node }: Readonly<{ node: MapNode | undefined }>) {
  if (node === undefined) return null
  if (node.kind === 'service')
    return (
      <Link href={routes.service(node.id)} className="font-medium hover:underline">
        {node.id}
      </Link>
    )
  return <span className="text-ink-2">{nodeName(node)}</span>
}
