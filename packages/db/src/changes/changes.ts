// Every mutation of configuration is one change: resources, audit rows, revision and NOTIFY in one transaction.
import type { ResourceRef } from '@heddle/shared'
import type { ApplyOutput, Change } from '@heddle/shared/api/index'
import type { Database, Transaction } from '../connection/database.ts'

/** Called inside the transaction with what is about to change; throws (any error) to refuse all of it. */
export type Authorize = (refs: readonly ResourceRef[]) => void

/** What `applyDocuments` would do. Throws StaleEditError. */
export function diffDocuments(_db: Database, _input: { documents: readonly unknown[] }): Promise<ApplyOutput> {
  throw new Error('not written yet')
}

/**
 * Applies all documents or none. Mistakes are part of the answer (nothing was changed then); throws StaleEditError
 * where a document carries a resourceVersion that is not the stored one.
 */
export function applyDocuments(
  _db: Database,
  _input: { actor: string; documents: readonly unknown[]; authorize?: Authorize },
): Promise<ApplyOutput> {
  throw new Error('not written yet')
}

/** Throws NotFoundError, StaleEditError, or InvalidChangeError where something still refers to the resource. */
export function deleteResource(
  _db: Database,
  _input: { actor: string; ref: ResourceRef; resourceVersion?: string; authorize?: Authorize },
): Promise<{ revision: number }> {
  throw new Error('not written yet')
}

/** Newest first. `before`: only revisions below it. `service`: changes that concern this service. */
export function listChanges(
  _db: Database,
  _input: { limit: number; before?: number; service?: string },
): Promise<Change[]> {
  throw new Error('not written yet')
}

export function getChange(_db: Database, _revision: number): Promise<Change | null> {
  throw new Error('not written yet')
}

/**
 * A new change that restores what was before, where the current state still equals what the change left.
 * Throws NotFoundError, RevertConflictError, or InvalidChangeError (e.g. it would delete what others refer to).
 */
export function revertChange(
  _db: Database,
  _input: { actor: string; revision: number; authorize?: Authorize },
): Promise<{ revision: number }> {
  throw new Error('not written yet')
}

/**
 * Makes the Service (and, with a version, the derived name) if it is missing; for joins. One change of kind `join`
 * where something was made. Throws NameClashError.
 */
export function ensureService(
  _tx: Transaction,
  _input: { service: string; version?: string; actor: string },
): Promise<{ created: boolean }> {
  throw new Error('not written yet')
}

/** An audit entry for what is not a resource. `summary` never holds a secret. Answers the revision. */
export function audit(
  _tx: Transaction,
  _input: { actor: string; kind: 'token' | 'user' | 'ca'; summary: string },
): Promise<number> {
  throw new Error('not written yet')
}
