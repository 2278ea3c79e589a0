// Schemas of what may be of either kind of route.
import { z } from 'zod'
import { ROUTE_KINDS } from './anyRoute.ts'
import { grpcRouteSchema } from './grpcRoute.ts'
import { httpRouteSchema } from './httpRoute.ts'

export const routeSchema = z.discriminatedUnion('kind', [httpRouteSchema, grpcRouteSchema])
export const routeKindSchema = z.enum(ROUTE_KINDS)
