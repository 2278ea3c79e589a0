// What the things of a mesh are called: services, versions, derived names, resource references.
// Only syntax is decided here; whether a name exists is the control plane's knowledge.
import { z } from 'zod'
import { DNS_LABEL, isReserved } from './dnsLabel.ts'

export { DNS_LABEL } from './dnsLabel.ts'

const DNS_LABEL_ADVICE = 'must be 1 to 63 of a-z, 0-9 and "-", and start and end with a letter or digit (RFC 1123)'

export const serviceNameSchema = z
  .string()
  .regex(DNS_LABEL, DNS_LABEL_ADVICE)
  .refine((name) => !isReserved(name), '"localhost" is never a service; choose another name')
  .brand('ServiceName')
export type ServiceName = z.infer<typeof serviceNameSchema>

/** A version is a DNS label too, since `<service>-<version>` must be one. */
export const versionSchema = z.string().regex(DNS_LABEL, DNS_LABEL_ADVICE).brand('Version')
export type Version = z.infer<typeof versionSchema>

/** Version of an instance that names none. */
export const DEFAULT_VERSION = 'v1'

/** An instance id, `<service>-<version>-<n>-<4 random letters>`: one DNS label, a SAN of its certificate. */
export const instanceIdSchema = z.string().regex(DNS_LABEL, DNS_LABEL_ADVICE).brand('InstanceId')
export type InstanceId = z.infer<typeof instanceIdSchema>

/** Names of resources (rules, routes): a DNS subdomain as in Kubernetes, at most 253 characters. */
export const resourceNameSchema = z
  .string()
  .max(253)
  .regex(
    /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/,
    'must be lower-case letters, digits, "-" and ".", starting and ending with a letter or digit',
  )

/** `catalog` and `v2` give `catalog-v2`: usable as a backend and as a host, skips catalog's routes. */
export function derivedName(service: string, version: string): string {
  return `${service}-${version}`
}

/** Source label of callers that are not in the mesh (they came through a public port). */
export const PUBLIC_SOURCE = 'public'
/** Destination label of calls that leave the mesh. */
export const EGRESS_DESTINATION = 'egress'
/** Route label where no route is configured or none applies. */
export const DEFAULT_ROUTE_LABEL = 'default'

/** The label of a route rule in metrics, rules and the console: `<route>/<rule name>`. */
export function routeLabel(route: string, rule: string): string {
  return `${route}/${rule}`
}
