// Every mutation of configuration is one change: resources, audit rows, revision and NOTIFY in one transaction.
// The plans are pure (plan.ts); here the state is read under the mesh's lock, so that what was planned is what holds.
import { type ResourceRef, refOf } from '@heddle/shared'
import type { ApplyOutput } from '@heddle/shared/api/index'
import { lockMesh } from '../configuration/revision.ts'
import { readResources, type StoredResource } from '../configuration/storedResource.ts'
import type { Database, Transaction } from '../connection/database.ts'
import { InvalidChangeError, NotFoundError, RevertConflictError, StaleEditError } from '../errors.ts'
import { changedOf, commitChange } from './audit.ts'
import { findChange, isRevertableKind, itemsOf, lastChangeOf } from './history.ts'
import { type ChangePlan, keyOf, planChange, planRestore } from './plan.ts'
import { sameMeaning } from './sameMeaning.ts'
import { summarize } from './summary.ts'

/** Called inside the transaction with what is about to change; throws (any error) to refuse all of it. */
export type Authorize = (refs: readonly ResourceRef[]) => void

const findStored = (current: readonly StoredResource[], ref: ResourceRef): StoredResource | null =>
  current.find(({ resource }) => keyOf(refOf(resource)) === keyOf(ref)) ?? null

async function refuseStale(
  tx: Transaction,
  plan: ChangePlan,
  current: readonly StoredResource[],
  absent: readonly ResourceRef[] = [],
): Promise<void> {
  const [ref] = plan.stale
  if (ref === undefined || plan.mistakes.length > 0) return
  const isMade = absent.some((made) => keyOf(made) === keyOf(ref))
  throw new StaleEditError(ref, findStored(current, ref), await lastChangeOf(tx, ref), isMade)
}

async function planNow(
  tx: Transaction,
  documents: readonly unknown[],
  absent?: readonly ResourceRef[],
): Promise<{ plan: ChangePlan; current: StoredResource[] }> {
  const current = await readResources(tx)
  const plan = planChange({ current, names: await tx.name.findMany(), documents, absent })
  await refuseStale(tx, plan, current, absent)
  return { plan, current }
}

const toOutput = (plan: ChangePlan, revision: number | null): ApplyOutput => ({
  revision,
  items: plan.items.map(({ ref, result, version, before, after }) => {
    const written = result === 'unchanged' ? version : revision
    return { ref, result, before, after, resourceVersion: written === null ? null : String(written) }
  }),
  mistakes: plan.mistakes,
  warnings: plan.warnings,
})

/** What `applyDocuments` would do. Throws StaleEditError. */
export function diffDocuments(
  db: Database,
  input: { documents: readonly unknown[]; absent?: readonly ResourceRef[] | undefined },
): Promise<ApplyOutput> {
  return db.transaction(async (tx) => toOutput((await planNow(tx, input.documents, input.absent)).plan, null))
}

/**
 * Applies all documents or none. Mistakes are part of the answer (nothing was changed then); throws StaleEditError
 * where a document carries a resourceVersion that is not the stored one, or a resource of `absent` is there already.
 */
export function applyDocuments(
  db: Database,
  input: {
    actor: string
    documents: readonly unknown[]
    absent?: readonly ResourceRef[] | undefined
    authorize?: Authorize | undefined
  },
): Promise<ApplyOutput> {
  return db.transaction(async (tx) => {
    await lockMesh(tx)
    const { plan } = await planNow(tx, input.documents, input.absent)
    const changed = plan.items.filter((item) => item.result !== 'unchanged')
    if (changed.length === 0) return toOutput(plan, null)
    input.authorize?.(changed.map((item) => item.ref))
    const items = changedOf(changed)
    const revision = await commitChange(tx, { actor: input.actor, kind: 'apply', summary: summarize(items), items })
    return toOutput(plan, revision)
  })
}

/** Instances that have not left, by service: what keeps a Service from being deleted. */
async function presentInstances(tx: Transaction): Promise<Map<string, string[]>> {
  const rows = await tx.instance.findMany({
    where: { withdrawnAt: null, lapsedAt: null },
    select: { service: true, instance: true },
    orderBy: { instance: 'asc' },
  })
  const present = new Map<string, string[]>()
  for (const { service, instance } of rows) present.set(service, [...(present.get(service) ?? []), instance])
  return present
}

/** Throws NotFoundError, StaleEditError, or InvalidChangeError where something still refers to the resource. */
export function deleteResource(
  db: Database,
  input: { actor: string; ref: ResourceRef; resourceVersion?: string | undefined; authorize?: Authorize | undefined },
): Promise<{ revision: number }> {
  const { actor, ref, resourceVersion } = input
  return db.transaction(async (tx) => {
    await lockMesh(tx)
    const current = await readResources(tx)
    const stored = findStored(current, ref)
    if (stored === null) throw new NotFoundError(`There is no ${ref.kind} "${ref.name}".`)
    if (resourceVersion !== undefined && Number(resourceVersion) !== stored.version)
      throw new StaleEditError(ref, stored, await lastChangeOf(tx, ref))
    const plan = planRestore({
      current,
      names: await tx.name.findMany(),
      present: await presentInstances(tx),
      targets: [{ ref, after: null }],
    })
    if (plan.mistakes.length > 0) throw new InvalidChangeError(plan.mistakes)
    input.authorize?.([ref])
    const summary = summarize(plan.items)
    return { revision: await commitChange(tx, { actor, kind: 'delete', summary, items: plan.items }) }
  })
}

/**
 * A new change that restores what was before, where the current state still equals what the change left.
 * Throws NotFoundError, RevertConflictError, or InvalidChangeError (e.g. it would delete what others refer to).
 */
export function revertChange(
  db: Database,
  input: { actor: string; revision: number; authorize?: Authorize | undefined },
): Promise<{ revision: number }> {
  const { actor, revision } = input
  return db.transaction(async (tx) => {
    await lockMesh(tx)
    const row = await findChange(tx, revision)
    if (row === null) throw new NotFoundError(`There is no change ${revision}.`)
    if (!isRevertableKind(row)) {
      const message = `Change ${revision} is a record of something that is not configuration; it cannot be reverted.`
      throw new InvalidChangeError([{ document: 0, path: [], message }])
    }
    const items = itemsOf(row)
    const current = await readResources(tx)
    const conflicts = []
    for (const { ref, after } of items) {
      const stored = findStored(current, ref)
      if (sameMeaning(stored?.resource ?? null, after)) continue
      conflicts.push({ ref, current: stored, lastChange: await lastChangeOf(tx, ref) })
    }
    if (conflicts.length > 0) throw new RevertConflictError(revision, conflicts)
    const plan = planRestore({
      current,
      names: await tx.name.findMany(),
      present: await presentInstances(tx),
      targets: items.map(({ ref, before }) => ({ ref, after: before })),
    })
    if (plan.mistakes.length > 0) throw new InvalidChangeError(plan.mistakes)
    input.authorize?.(items.map((item) => item.ref))
    const summary = `Reverted r${revision}: ${summarize(plan.items)}`
    return {
      revision: await commitChange(tx, { actor, kind: 'revert', summary, reverts: revision, items: plan.items }),
    }
  })
}
