// What a set of documents, a deletion or a revert would change, and every mistake in it. Pure: the stored state comes
// in, a plan comes out.
import { isRoute, isRouteKind, type Resource, type ResourceRef, refOf } from '@heddle/shared'
import type { Mistake } from '@heddle/shared/api/index'
import type { MeshName } from '../configuration/mesh.ts'
import type { StoredResource } from '../configuration/storedResource.ts'
import { canonicalForm } from './canonicalForm.ts'
import { opaqueWarnings } from './opaqueService.ts'
import { type ParsedDocument, parseDocuments } from './parseDocuments.ts'
import { checkAccessRule, checkRoute, checkService, type Finding, stateOf, usersOfService } from './references.ts'
import { kindWarnings, namesakeMistakes } from './routeKinds.ts'
import { nameRules } from './ruleNames.ts'
import { sameMeaning } from './sameMeaning.ts'

export interface PlanInput {
  current: readonly StoredResource[]
  /** Service and derived names in use. */
  names: readonly MeshName[]
  /** As parsed from YAML, not yet checked. */
  documents: readonly unknown[]
  /** Resources that the documents make: one that is there already is somebody else's, and its document stale. */
  absent?: readonly ResourceRef[] | undefined
}

export interface PlannedItem {
  ref: ResourceRef
  result: 'created' | 'changed' | 'unchanged'
  /** Of what is stored; null where nothing is. */
  version: number | null
  before: Resource | null
  /** In the canonical form, rule names given. */
  after: Resource
}

export interface ChangePlan {
  /** In the documents' order. */
  items: PlannedItem[]
  /** Not empty: nothing may be changed, and `items` is empty. */
  mistakes: Mistake[]
  warnings: Mistake[]
  /** Documents whose resourceVersion is not the stored one, or that should have made what is there already. */
  stale: ResourceRef[]
}

export const keyOf = ({ kind, name }: ResourceRef): string => `${kind}/${name}`
const byKey = (resources: readonly StoredResource[]): Map<string, StoredResource> =>
  new Map(resources.map((stored) => [keyOf(refOf(stored.resource)), stored]))

function planItem({ resource }: ParsedDocument, stored: StoredResource | undefined): PlannedItem {
  const before = stored?.resource ?? null
  const version = stored?.version ?? null
  const named = isRoute(resource) ? nameRules(resource, before !== null && isRoute(before) ? before : null) : resource
  const after = canonicalForm(named)
  const ref = refOf(resource)
  if (before === null) return { ref, result: 'created', version, before, after }
  if (sameMeaning(before, after)) return { ref, result: 'unchanged', version, before, after: before }
  return { ref, result: 'changed', version, before, after }
}

interface Findings {
  mistakes: Finding[]
  warnings: Finding[]
}

/** Checks what was written, and the access rules that point at a route that was. */
function checkReferences(
  written: readonly Resource[],
  resources: Iterable<Resource>,
  names: readonly MeshName[],
): Findings {
  const state = stateOf(resources, names)
  const findings: Findings = { mistakes: [], warnings: [] }
  const add = ({ mistakes, warnings }: Findings): void => {
    findings.mistakes.push(...mistakes)
    findings.warnings.push(...warnings)
  }
  for (const resource of written) {
    if (resource.kind === 'Service') findings.mistakes.push(...checkService(resource, state))
    else if (isRoute(resource)) add(checkRoute(resource, state))
    else if (resource.kind === 'AccessRule') add(checkAccessRule(resource, state))
  }
  findings.mistakes.push(...namesakeMistakes(written, state))
  findings.warnings.push(...opaqueWarnings(written, state), ...kindWarnings(written, state))
  const routes = new Map(written.filter(isRoute).map((route) => [route.metadata.name, route.kind]))
  for (const access of state.accessRules.values()) {
    const [route = ''] = access.spec.target.route?.split('/', 1) ?? []
    const kind = routes.get(route)
    if (kind === undefined || written.includes(access)) continue
    for (const { message } of checkAccessRule(access, state).mistakes)
      findings.mistakes.push({
        kind,
        name: route,
        path: ['spec', 'rules'],
        message: `AccessRule ${access.metadata.name} targets ${access.spec.target.route}, but then ${message}`,
      })
  }
  return findings
}

export function planChange({ current, names, documents, absent = [] }: PlanInput): ChangePlan {
  const { parsed, mistakes } = parseDocuments(documents)
  const stored = byKey(current)
  const planned = parsed.map((document) => planItem(document, stored.get(keyOf(refOf(document.resource)))))
  const after = new Map(current.map(({ resource }) => [keyOf(refOf(resource)), resource]))
  for (const item of planned) after.set(keyOf(item.ref), item.after)

  const findings = checkReferences(
    planned.map((item) => item.after),
    after.values(),
    names,
  )
  const documentOf = new Map(parsed.map(({ document, resource }) => [keyOf(refOf(resource)), document]))
  const asMistake = ({ kind, name, path, message }: Finding): Mistake => ({
    document: documentOf.get(keyOf({ kind, name })) ?? 0,
    path,
    message,
  })
  // What is already as the document asks for overwrites nobody: applying the same file twice is no stale edit.
  const unchanged = new Set(planned.flatMap(({ ref, result }) => (result === 'unchanged' ? keyOf(ref) : [])))
  const made = new Set(absent.map(keyOf))
  const stale = parsed.flatMap(({ resource }) => {
    const ref = refOf(resource)
    const { resourceVersion } = resource.metadata
    // Also where it is the same: two people who make one thing should know of each other.
    if (made.has(keyOf(ref)) && stored.has(keyOf(ref))) return [ref]
    if (resourceVersion === undefined || unchanged.has(keyOf(ref))) return []
    return Number(resourceVersion) === stored.get(keyOf(ref))?.version ? [] : [ref]
  })
  const allMistakes = [...mistakes, ...findings.mistakes.map(asMistake)]
  return {
    items: allMistakes.length > 0 ? [] : planned,
    mistakes: allMistakes,
    warnings: findings.warnings.map(asMistake),
    stale,
  }
}

export interface RestorePlan {
  items: { ref: ResourceRef; before: Resource | null; after: Resource | null }[]
  mistakes: Mistake[]
}

/**
 * Deletes (`after` null) or puts back resources as they were. `present`: services with instances that have not left,
 * and which. Mistakes name the item by its position as `document`.
 */
export function planRestore(input: {
  current: readonly StoredResource[]
  names: readonly MeshName[]
  present: ReadonlyMap<string, readonly string[]>
  targets: readonly { ref: ResourceRef; after: Resource | null }[]
}): RestorePlan {
  const stored = byKey(input.current)
  const items = input.targets.map(({ ref, after }) => ({
    ref,
    before: stored.get(keyOf(ref))?.resource ?? null,
    after,
  }))
  const left = new Map(input.current.map(({ resource }) => [keyOf(refOf(resource)), resource]))
  for (const { ref, after } of items) {
    if (after === null) left.delete(keyOf(ref))
    else left.set(keyOf(ref), after)
  }
  const deletedServices = new Set(
    items.flatMap(({ ref, after }) => (ref.kind === 'Service' && after === null ? ref.name : [])),
  )
  const names = input.names.filter(({ service }) => !deletedServices.has(service))
  const state = stateOf(left.values(), input.names)
  const position = (ref: ResourceRef) =>
    Math.max(
      0,
      items.findIndex((item) => keyOf(item.ref) === keyOf(ref)),
    )

  const written = items.flatMap(({ after }) => after ?? [])
  const mistakes: Mistake[] = checkReferences(written, left.values(), names).mistakes.map(
    ({ kind, name, path, message }) => ({ document: position({ kind, name }), path, message }),
  )
  for (const { ref, after } of items) {
    if (after !== null) continue
    const document = position(ref)
    for (const message of reasonsToKeep(ref, state, input.present.get(ref.name) ?? []))
      mistakes.push({ document, path: [], message })
  }
  return { items, mistakes }
}

function reasonsToKeep(ref: ResourceRef, state: ReturnType<typeof stateOf>, instances: readonly string[]): string[] {
  if (ref.kind === 'Service') {
    const users = usersOfService(ref.name, state)
    return [
      ...(users.length > 0 ? [`Service ${ref.name} is used by ${users.join(', ')}; delete these first.`] : []),
      ...(instances.length > 0
        ? [`Service ${ref.name} has instances (${instances.slice(0, 5).join(', ')}); stop them first.`]
        : []),
    ]
  }
  if (!isRouteKind(ref.kind)) return []
  const rules = [...state.accessRules.values()].filter((rule) => rule.spec.target.route?.split('/', 1)[0] === ref.name)
  if (rules.length === 0) return []
  const list = rules.map((rule) => `AccessRule ${rule.metadata.name}`).join(', ')
  return [`${ref.kind} ${ref.name} is the target of ${list}; delete these first.`]
}
