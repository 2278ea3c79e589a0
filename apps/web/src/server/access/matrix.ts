// access.matrix: who called whom in the range, coloured by what the rules said. Two reads, however large the mesh.
import type { Service } from '@heddle/shared/resources/index'
import type { z } from 'zod'
import type { Console } from '../console.ts'
import { mergeStates, readShownEdges } from '../metrics/queries.ts'
import { resolveRange } from '../metrics/range.ts'
import type { AccessMatrix, accessMatrixInputSchema } from '../schemas/accessPreview.ts'
import { ownerOf } from '../services/facts.ts'
import { readHits } from './hits.ts'
import { cellsOf, pictureOf } from './matrixCells.ts'

export async function accessMatrix(
  console: Console,
  { range: wanted, service, owner }: z.infer<typeof accessMatrixInputSchema>,
): Promise<AccessMatrix> {
  const mesh = await console.mesh.current()
  const range = resolveRange(wanted, console.control.now())
  const rules = [...mesh.rules.values()]
  const [edges, hits] = await Promise.all([
    readShownEdges(
      console.metrics,
      range,
      { counts: true, ...(service !== undefined && { service }) },
      { total: true },
    ),
    readHits(console, rules, range),
  ])
  const ownerOfName = (name: string): string | null => {
    const resource: Service | undefined = mesh.services.get(name)?.resource
    return resource === undefined ? null : ownerOf(resource)
  }
  const cells = cellsOf({
    edges: edges.rows,
    hits: hits.rows,
    targetOf: (rule) => mesh.rules.get(rule)?.resource.spec.target.service,
    isWanted: (source, destination) =>
      // What leaves the mesh is MeshSettings' matter: no rule is about it.
      mesh.services.has(destination) &&
      (owner === undefined || ownerOfName(source) === owner || ownerOfName(destination) === owner),
  })
  const owners = new Set([...mesh.services.values()].flatMap(({ resource }) => ownerOf(resource) ?? []))
  return {
    range,
    data: mergeStates([edges.data, hits.data]),
    ...pictureOf(cells),
    owners: [...owners].sort(),
  }
}
