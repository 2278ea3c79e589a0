// services.head: what stands above every tab of a service, and no more: whoever looks at its rules need not be told of its
// series with each tick. Of the reading that services.get makes.
import type { Console } from '../console.ts'
import type { Range } from '../schemas/numbers.ts'
import type { ServiceHead } from '../schemas/services.ts'
import { getService } from './get.ts'

export async function headOf(console: Console, name: string, range: Range): Promise<ServiceHead> {
  const page = await getService(console, name, range)
  const { service, resource, objective, owner, protocol, joinedAt, balancing, links, health, sentence } = page
  return {
    ...{ service, resource, objective, owner, protocol, joinedAt, balancing, links, health, sentence },
    instanceCount: page.instanceCount,
    versions: page.versions.map(({ version }) => version),
    routes: page.routes.filter(({ match }) => match !== null).length,
    isSplit: page.routes.some(({ split }) => split.length > 1),
  }
}
