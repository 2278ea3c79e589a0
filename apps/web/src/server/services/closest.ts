// Which service is nearest to its objective while all is well: where an operator would look next. Pure.
import { FEW_CALLS } from '../../data/numbers.ts'
import type { ServiceRow, ServicesListOutput } from '../schemas/services.ts'

type Judged = Pick<ServiceRow, 'service' | 'requests' | 'successRate' | 'objective' | 'health'>

/** By the share of the failures that its objective allows which it has used. null: nobody has failed calls, or enough calls. */
export function closestToObjective(rows: readonly Judged[]): ServicesListOutput['closest'] {
  let closest: ServicesListOutput['closest'] = null
  let most = 0
  for (const { service, requests, successRate, objective, health } of rows) {
    if (health.state !== 'healthy' || requests < FEW_CALLS || successRate === null) continue
    const used = (100 - successRate) / (100 - objective.successRate)
    // An objective of 100 % allows none: 0 of 0 is no share.
    if (!(used > most && used <= 1)) continue
    most = used
    closest = { service, successRate, objective: objective.successRate }
  }
  return closest
}
