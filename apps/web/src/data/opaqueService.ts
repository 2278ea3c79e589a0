// What the pages of a TCP service say in their own words. Pure.
import type { ServiceRouteRow, ServicesGetOutput } from '../server/schemas/services.ts'

/** Follows "by". */
export const BALANCING_TEXT: Readonly<Record<ServicesGetOutput['balancing'], string>> = {
  'peak-ewma': 'peak EWMA',
  'round-robin': 'round robin',
}

/** Routes that are stored for a service of TCP, for which they do nothing: "catalog/products". Those without a match are only counted. */
export function idleRoutes(rows: readonly Pick<ServiceRouteRow, 'route' | 'match'>[]): string[] {
  return rows.filter(({ match }) => match !== null).map(({ route }) => route)
}
