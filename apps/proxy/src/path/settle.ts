// Tells the balancer how an attempt went, and an operator where that made it leave an endpoint alone or take one back.
import type { Clock } from '@heddle/shared/clock'
import type { Attempt, AttemptResult } from '../balance/balancer.ts'
import type { Telemetry } from '../interfaces.ts'
import type { BackendState, Endpoint } from './destinations.ts'

export interface SettleParts {
  telemetry: Telemetry
  clock: Clock
  random: () => number
}

export function settle(
  { balancer, service }: BackendState,
  attempt: Attempt<Endpoint>,
  result: AttemptResult,
  { telemetry, clock, random }: SettleParts,
): void {
  const change = balancer.settle(attempt, result, clock.monotonic(), random)
  if (change === null) return
  const { key, endpoint } = attempt
  const until = balancer.ejections(clock.monotonic()).find((ejection) => ejection.key === key)?.untilMs ?? 0
  telemetry.event(change === 'ejected' ? 'endpoint_ejected' : 'endpoint_restored', {
    service,
    instance: endpoint.instance,
    version: endpoint.version,
    // Epoch, as the control plane and people read it.
    untilMs: change === 'ejected' ? Math.round(clock.now() + until - clock.monotonic()) : 0,
  })
}
