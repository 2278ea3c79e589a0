// Which action a write of a kind of resource is, and the check of a whole change, item by item. Pure.
import { type Action, can } from '@heddle/shared/can'
import type { Kind, ResourceRef } from '@heddle/shared/resources/index'
import type { Actor } from '../context.ts'
import { heddleError } from '../errors.ts'

export const WRITE_ACTION: Readonly<Record<Kind, Action>> = {
  Service: 'service.write',
  HTTPRoute: 'route.write',
  GRPCRoute: 'route.write',
  AccessRule: 'rule.write',
  MeshSettings: 'settings.write',
}

/** @throws HeddleError `forbidden`, naming the resource and the role that is missing. */
export function authorizeWrites(actor: Actor, refs: readonly ResourceRef[]): void {
  for (const { kind, name } of refs) {
    const permission = can(actor.role, WRITE_ACTION[kind])
    if (!permission.allowed) throw heddleError('forbidden', `${kind} ${name}: ${permission.reason}`)
  }
}
