// What the control plane renders for proxies: one document per resource name, pushed as a whole and swapped as one.
//   mesh              what holds for every proxy
//   inbound/<S>       what the proxies of service S need for answering
//   destination/<N>   what a caller of the name N needs (N: a service, or a derived name such as catalog-v2)
//   endpoints/<S>     the instances of service S, of all versions
import { z } from 'zod'
import { callerSchema } from '../resources/accessRule.ts'
import { HTTP_METHODS, pathMatchSchema, routeFilterSchema } from '../resources/httpRoute.ts'

const ms = z.number().min(0)

export const wireBackendSchema = z.object({
  /** The name in the backendRef: a service or a derived name. */
  name: z.string(),
  /** The service whose endpoints and identity are used; null where the name does not exist (its share answers 500). */
  service: z.string().nullable(),
  /** Only endpoints of this version; null for all. */
  version: z.string().nullable(),
  weight: z.int().min(0),
})
export type WireBackend = z.infer<typeof wireBackendSchema>

const valueMatch = z.object({
  type: z.enum(['Exact', 'RegularExpression']),
  name: z.string(),
  value: z.string(),
})
/** What a match of a GRPCRoute names; null: any. */
export const wireRpcSchema = z.object({
  type: z.enum(['Exact', 'RegularExpression']),
  service: z.string().nullable(),
  method: z.string().nullable(),
})
export type WireRpc = z.infer<typeof wireRpcSchema>

export const wireMatchSchema = z.object({
  path: pathMatchSchema,
  method: z.enum(HTTP_METHODS).nullable(),
  headers: z.array(valueMatch),
  queryParams: z.array(valueMatch),
  /**
   * Of a GRPCRoute's match. `path` and `method` above say which calls it takes, and with it expressions are of a service and
   * a method alone, without a slash; it is for its precedence, which goes by service and method, and for words. A proxy of
   * before does not know it and matches all the same.
   */
  rpc: wireRpcSchema.optional(),
})
export type WireMatch = z.infer<typeof wireMatchSchema>

export const wireRuleSchema = z.object({
  /** `<route>/<rule name>`. */
  label: z.string(),
  /** At least one; a rule without matches is rendered as PathPrefix "/". */
  matches: z.array(wireMatchSchema),
  filters: z.array(routeFilterSchema),
  /** Mirror targets of the filters, resolved, in the order of the RequestMirror filters. */
  mirrors: z.array(z.object({ backend: wireBackendSchema, share: z.number().min(0).max(1) })),
  /** Empty: the parent service itself. */
  backends: z.array(wireBackendSchema),
  /** null: none. */
  timeouts: z.object({ requestMs: ms.nullable(), backendRequestMs: ms.nullable() }),
  retry: z
    .object({
      codes: z.array(z.int()),
      /** Statuses of gRPC; absent from a control plane of before. */
      grpcCodes: z.array(z.int()).optional(),
      attempts: z.int().min(0),
      backoffMs: ms,
      nonIdempotent: z.boolean(),
    })
    .nullable(),
})
export type WireRule = z.infer<typeof wireRuleSchema>

export const wireRouteSchema = z.object({
  name: z.string(),
  /** For the Gateway API's tie-break "oldest route by creation timestamp"; milliseconds since the epoch. */
  createdAt: z.number(),
  rules: z.array(wireRuleSchema),
})
export type WireRoute = z.infer<typeof wireRouteSchema>

export const wireServiceSettingsSchema = z.object({
  protocol: z.enum(['http', 'grpc', 'tcp']),
  balancing: z.enum(['peak-ewma', 'round-robin']),
  breaker: z.object({ consecutiveFailures: z.int().min(1), minPenaltyMs: ms, maxPenaltyMs: ms }),
  retryBudget: z.object({ percent: ms, minPerSecond: ms, windowMs: ms }),
  limits: z.object({ requestsPerSecond: z.number().nullable(), perCaller: z.number().nullable() }),
})

export const wireAccessRuleSchema = z.object({
  name: z.string(),
  /** null: the whole service; else `<route>` or `<route>/<rule>`. */
  route: z.string().nullable(),
  action: z.enum(['Allow', 'Deny']),
  mode: z.enum(['enforce', 'audit']),
  from: z.array(callerSchema),
  /** Empty: everything. */
  to: z.array(z.object({ methods: z.array(z.string()), paths: z.array(pathMatchSchema) })),
})
export type WireAccessRule = z.infer<typeof wireAccessRuleSchema>

export const meshDocumentSchema = z.object({
  kind: z.literal('mesh'),
  trustDomain: z.string(),
  /** PEM of every root in force; a peer's chain must end in one of them. */
  roots: z.array(z.string()).min(1),
  egress: z.union([z.enum(['allow', 'deny']), z.object({ hosts: z.array(z.string()) })]),
  accessLogSample: z.number().min(0).max(1),
})
export type MeshDocument = z.infer<typeof meshDocumentSchema>

export const inboundDocumentSchema = z.object({
  kind: z.literal('inbound'),
  service: z.string(),
  settings: wireServiceSettingsSchema,
  defaultAccess: z.enum(['allow', 'deny']),
  rules: z.array(wireAccessRuleSchema),
  /** Matched anew here for labels and rules only. */
  routes: z.array(wireRouteSchema),
})
export type InboundDocument = z.infer<typeof inboundDocumentSchema>

export const destinationDocumentSchema = z.object({
  kind: z.literal('destination'),
  /** The name asked for. */
  name: z.string(),
  /** The service behind it: the expected identity and the label in metrics; null: the control plane denies the name. */
  service: z.string().nullable(),
  /** Set for a derived name: only this version, no routes. */
  version: z.string().nullable(),
  settings: wireServiceSettingsSchema,
  routes: z.array(wireRouteSchema),
})
export type DestinationDocument = z.infer<typeof destinationDocumentSchema>

export const wireEndpointSchema = z.object({
  instance: z.string(),
  version: z.string(),
  /** An IP address or a host name, without brackets. */
  address: z.string(),
  port: z.int().min(1).max(65535),
})
export type WireEndpoint = z.infer<typeof wireEndpointSchema>

export const endpointsDocumentSchema = z.object({
  kind: z.literal('endpoints'),
  service: z.string(),
  endpoints: z.array(wireEndpointSchema),
})
export type EndpointsDocument = z.infer<typeof endpointsDocumentSchema>

export const documentSchema = z.discriminatedUnion('kind', [
  meshDocumentSchema,
  inboundDocumentSchema,
  destinationDocumentSchema,
  endpointsDocumentSchema,
])
export type WireDocument = z.infer<typeof documentSchema>

/** Resource name of a document: `mesh`, `inbound/S`, `destination/N`, `endpoints/S`. */
export function documentName(document: WireDocument): string {
  switch (document.kind) {
    case 'mesh':
      return 'mesh'
    case 'inbound':
      return `inbound/${document.service}`
    case 'destination':
      return `destination/${document.name}`
    case 'endpoints':
      return `endpoints/${document.service}`
  }
}
