// changes.effects: how far changes have spread, and how their services did before and after. Two queries for all of them.
import { changedServices, readAround } from '@heddle/db'
import { PUBLIC_SOURCE } from '@heddle/shared/names'
import type { Console } from '../console.ts'
import { newestEnd } from '../metrics/range.ts'
import type { ChangeEffect } from '../schemas/changeEffects.ts'
import { aroundChange, stretchAround } from './around.ts'

/** Of a change of many services the first ones stand for all: a page may have many such changes. */
const MOST_SERVICES = 10

export async function changeEffects(console: Console, revisions: readonly number[]): Promise<ChangeEffect[]> {
  const changes = await console.pulse.read(() => changedServices(console.db, revisions))
  const windows = changes.flatMap(({ revision, at, services }) =>
    services.slice(0, MOST_SERVICES).map((service) => ({ revision, service, ...stretchAround(at) })),
  )
  const [minutes, since] = await Promise.all([
    console.pulse.read(() => readAround(console.db, { windows, outside: PUBLIC_SOURCE })),
    console.metrics.since(),
  ])
  const byRevision = Map.groupBy(minutes, ({ window }) => windows[window]?.revision)
  const spreads = new Map(console.control.spreads().map((spread) => [spread.revision, spread]))
  const now = newestEnd(console.control.now())
  return changes.map(({ revision, at }) => {
    const spread = spreads.get(revision)
    return {
      revision,
      spread:
        spread === undefined || spread.holders === 0
          ? null
          : { acknowledged: spread.acknowledged, holders: spread.holders, lastAckMs: spread.lastAckMs },
      around: aroundChange(at, { since, now }, byRevision.get(revision) ?? []),
    }
  })
}
