// The five kinds of resources, and how one is told from another.
import { z } from 'zod'
import { accessRuleSchema } from './accessRule.ts'
import { grpcRouteSchema } from './grpcRoute.ts'
import { httpRouteSchema } from './httpRoute.ts'
import { meshSettingsSchema } from './meshSettings.ts'
import { serviceSchema } from './service.ts'

export * from './accessRule.ts'
export * from './anyRoute.ts'
export * from './grpcRoute.ts'
export * from './httpRoute.ts'
export * from './meshSettings.ts'
export * from './metadata.ts'
export * from './regularExpression.ts'
export * from './route.ts'
export * from './service.ts'

export const resourceSchema = z.discriminatedUnion('kind', [
  serviceSchema,
  httpRouteSchema,
  grpcRouteSchema,
  accessRuleSchema,
  meshSettingsSchema,
])
export type Resource = z.infer<typeof resourceSchema>

export const KINDS = ['Service', 'HTTPRoute', 'GRPCRoute', 'AccessRule', 'MeshSettings'] as const
export const kindSchema = z.enum(KINDS)
export type Kind = z.infer<typeof kindSchema>

export interface ResourceRef {
  kind: Kind
  name: string
}

export function refOf(resource: Resource): ResourceRef {
  return { kind: resource.kind, name: resource.metadata.name }
}
