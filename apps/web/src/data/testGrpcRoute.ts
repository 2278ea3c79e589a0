// A GRPCRoute whose annotations matter, for tests of what is written on it.
import { type GrpcRoute, grpcRouteSchema } from '@heddle/shared/resources/grpcRoute'

export const GRPC = 'heddle.dev/retry-grpc'
export const ATTEMPTS = 'heddle.dev/retry-attempts'

export const grpcRouteWith = (annotations?: Record<string, string>): GrpcRoute =>
  grpcRouteSchema.parse({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GRPCRoute',
    metadata: { name: 'ledger', ...(annotations !== undefined && { annotations }) },
    spec: { parentRefs: [{ kind: 'Service', name: 'ledger' }], rules: [{ name: 'all' }] },
  })
