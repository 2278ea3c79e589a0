// What a set of documents would change, and every mistake in it. Pure: the stored state comes in, a plan comes out.
import type { Resource, ResourceRef } from '@heddle/shared'
import type { Mistake } from '@heddle/shared/api/index'
import type { MeshName } from '../configuration/mesh.ts'
import type { StoredResource } from '../configuration/storedResource.ts'

export interface PlanInput {
  current: readonly StoredResource[]
  /** Service and derived names in use. */
  names: readonly MeshName[]
  /** As parsed from YAML, not yet checked. */
  documents: readonly unknown[]
}

export interface PlannedItem {
  ref: ResourceRef
  result: 'created' | 'changed' | 'unchanged'
  before: Resource | null
  /** In the canonical form, rule names given. */
  after: Resource
}

export interface ChangePlan {
  items: PlannedItem[]
  /** Not empty: nothing may be changed, and `items` is empty. */
  mistakes: Mistake[]
  warnings: Mistake[]
  /** Documents whose resourceVersion is not the stored one. */
  stale: ResourceRef[]
}

export function planChange(_input: PlanInput): ChangePlan {
  throw new Error('not written yet')
}
