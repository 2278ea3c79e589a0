// How the configuration came to be: who changed what, when, over the days. Pure; the plans are those of the console.
import { type ChangePlan, planChange, type StoredResource } from '@heddle/db'
import { type ChangedResource, changedOf, servicesOf } from '@heddle/db/changes/audit'
import { summarize } from '@heddle/db/changes/summary'
import type { Kind } from '@heddle/shared/resources/index'
import { seededRandom } from '@heddle/testkit/random'
import { seedOf } from './draw.ts'
import type { MadeService } from './mesh.ts'
import { type Document, routeDocuments, ruleDocument, serviceDocument } from './resources.ts'

export interface MadeChange {
  revision: number
  /** Milliseconds since the epoch. */
  at: number
  actor: string
  summary: string
  items: (ChangedResource & { services: string[] })[]
}

export interface MadeConfiguration {
  changes: MadeChange[]
  resources: StoredResource[]
  names: { name: string; service: string; version: string | null }[]
}

const ACTORS = ['operator-1', 'operator-2', 'operator-3', 'release-bot'] as const
/** Documents of one `apply`: a team's folder. */
const DOCUMENTS_OF_AN_APPLY = 60
const CHANGES_A_DAY = 12
/** Not more work than history that somebody pages through. */
const MOST_CHANGES = 600

interface Step {
  documents: Document[]
  at: number
}

export function makeHistory(
  services: readonly MadeService[],
  { from, to, seed, documents: first }: { from: number; to: number; seed: number; documents: Document[] },
): MadeConfiguration {
  const names = services.flatMap((service) => [
    { name: service.name, service: service.name, version: null },
    ...service.versions.map(({ version }) => ({ name: `${service.name}-${version}`, service: service.name, version })),
  ])
  const kept = new Map<string, StoredResource>()
  const changes: MadeChange[] = []
  const random = seededRandom(seedOf(seed, 2))
  for (const { documents, at } of [
    { documents: first, at: from },
    ...firstSteps(services, from),
    ...laterSteps(services, from, to, random),
  ]) {
    const plan = plannedOf(kept, names, documents)
    const items = changedOf(plan.items.filter(({ result }) => result !== 'unchanged'))
    if (items.length === 0) continue
    const revision = changes.length + 1
    const actor = ACTORS[Math.floor(random() * ACTORS.length)] ?? ACTORS[0]
    changes.push({
      revision,
      at,
      actor,
      summary: summarize(items),
      items: items.map((item) => ({
        ...item,
        services: [...new Set([...servicesOf(item.before), ...servicesOf(item.after)])],
      })),
    })
    for (const { ref, after } of items) {
      const key = `${ref.kind}/${ref.name}`
      if (after !== null)
        kept.set(key, { resource: after, version: revision, createdAt: kept.get(key)?.createdAt ?? at, revision })
    }
  }
  return { changes, resources: [...kept.values()], names }
}

/** Only what the documents may refer to is given to the plan: a thousand services each time would take minutes. */
function plannedOf(
  kept: ReadonlyMap<string, StoredResource>,
  names: MadeConfiguration['names'],
  documents: readonly Document[],
): ChangePlan {
  const isOnlyServices = documents.every(({ kind }) => kind === 'Service')
  const kinds: readonly Kind[] = isOnlyServices ? [] : ['Service']
  const wanted = new Set(documents.map(({ kind, metadata }) => `${kind}/${metadata.name}`))
  const current = [...kept].flatMap(([key, stored]) =>
    wanted.has(key) || kinds.includes(stored.resource.kind) ? [stored] : [],
  )
  const plan = planChange({ current, names, documents })
  const [mistake] = plan.mistakes
  if (mistake !== undefined) throw new Error(`the made mesh is not valid: ${mistake.path.join('.')} ${mistake.message}`)
  return plan
}

/** First the services, then the routes and rules that name them, an hour apart. */
function firstSteps(services: readonly MadeService[], from: number): Step[] {
  const stages = [
    services.map(serviceDocument),
    services.flatMap((service) => routeDocuments(service)),
    services.flatMap((service) => ruleDocument(service) ?? []),
  ]
  const batches = stages.flatMap((documents) =>
    Array.from({ length: Math.ceil(documents.length / DOCUMENTS_OF_AN_APPLY) }, (_, i) =>
      documents.slice(i * DOCUMENTS_OF_AN_APPLY, (i + 1) * DOCUMENTS_OF_AN_APPLY),
    ),
  )
  return batches.map((documents, i) => ({ documents, at: from + i * 60_000 }))
}

/** Day by day: weights are moved, objectives and rules edited; mostly of the busy services. */
function laterSteps(services: readonly MadeService[], from: number, to: number, random: () => number): Step[] {
  const begin = from + 6 * 3_600_000
  const count = Math.min(MOST_CHANGES, Math.round(((to - from) / 86_400_000) * CHANGES_A_DAY))
  const versioned = services.filter(({ versions, routes }) => versions.length > 1 && routes[0]?.label !== 'default')
  const steps: Step[] = []
  for (let i = 0; i < count; i++) {
    const at = Math.floor(begin + ((i + random()) / count) * (to - begin))
    const service = services[Math.floor(services.length * random() ** 3)]
    if (service === undefined) continue
    const split = versioned[Math.floor(versioned.length * random())]
    const kind = random()
    if (kind < 0.6 && split !== undefined) {
      const share = 5 * Math.floor(random() * 20)
      const [route] = routeDocuments(split, [100 - share, share])
      if (route !== undefined) steps.push({ documents: [route], at })
    } else {
      const document = serviceDocument(service)
      const labels = { owner: service.owner, tier: `${1 + Math.floor(random() * 4)}` }
      steps.push({ documents: [{ ...document, metadata: { name: service.name, labels } }], at })
    }
  }
  // The split of the busiest ends where its numbers are: nine to one.
  const [busiest] = services
  if (busiest !== undefined)
    for (const document of routeDocuments(busiest)) steps.push({ documents: [document], at: to - 20 * 60_000 })
  return steps
}
