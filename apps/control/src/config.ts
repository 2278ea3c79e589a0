// The control plane's configuration: the only reader of the environment. Every mistake is named at once, before a port
// is bound.
import { homedir, networkInterfaces } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { isTrustDomain } from '@heddle/shared/spiffe'
import { z } from 'zod'

export interface ControlConfig {
  databaseUrl: string
  /** Role of the console to create or limit; null: not here. */
  consoleDatabaseUrl: string | null
  home: string
  listenAddress: string
  /** 0: a free one. */
  port: number
  adminPort: number
  trustDomain: string
  /** Base URLs by which proxies and the console reach this control plane; empty: from address and port. */
  advertisedUrls: readonly string[]
}

const port = (otherwise: number) =>
  z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port, 0 to 65535')
    .transform(Number)
    .refine((n) => n <= 65_535, 'must be a port, 0 to 65535')
    .default(otherwise)

const postgresUrl = z.url({ protocol: /^postgres(?:ql)?$/, error: 'must be a postgres:// URL' })

const environmentSchema = z.object({
  DATABASE_URL: postgresUrl,
  CONSOLE_DATABASE_URL: postgresUrl.optional(),
  HEDDLE_HOME: z
    .string()
    .refine(isAbsolute, 'must be an absolute path')
    .default(() => join(homedir(), '.heddle')),
  HEDDLE_CONTROL_LISTEN: z.union([z.ipv4(), z.ipv6()], 'must be an IP address').default('127.0.0.1'),
  HEDDLE_CONTROL_PORT: port(4000),
  HEDDLE_CONTROL_ADMIN_PORT: port(4001),
  HEDDLE_TRUST_DOMAIN: z
    .string()
    .refine(isTrustDomain, 'must be lower-case letters, digits, ".", "-" and "_"')
    .default('heddle.local'),
  HEDDLE_CONTROL_URLS: z
    .string()
    .transform((text) => text.split(',').map((url) => url.trim().replace(/\/$/, '')))
    .pipe(z.array(z.url({ protocol: /^https$/, error: 'must be https:// URLs with commas between them' })).min(1))
    .optional(),
})

/** The configuration, or every mistake in it, a line each. An empty variable counts as absent. */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
): { config: ControlConfig } | { mistakes: string[] } {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = environmentSchema.safeParse(given)
  if (!parsed.success)
    return {
      mistakes: parsed.error.issues.map(
        ({ path, message }) => `${path[0] === undefined ? '' : `${String(path[0])} `}${message}`,
      ),
    }
  const e = parsed.data
  return {
    config: {
      databaseUrl: e.DATABASE_URL,
      consoleDatabaseUrl: e.CONSOLE_DATABASE_URL ?? null,
      home: e.HEDDLE_HOME,
      listenAddress: e.HEDDLE_CONTROL_LISTEN,
      port: e.HEDDLE_CONTROL_PORT,
      adminPort: e.HEDDLE_CONTROL_ADMIN_PORT,
      trustDomain: e.HEDDLE_TRUST_DOMAIN,
      advertisedUrls: e.HEDDLE_CONTROL_URLS ?? [],
    },
  }
}

const isWildcard = (address: string): boolean => address === '0.0.0.0' || address === '::'

/** Addresses under which a server that listens on `address` is reached. */
export function reachableAddresses(address: string): string[] {
  if (!isWildcard(address)) return [address]
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  const outside = all.filter(({ internal, family }) => !internal && (address === '::' || family === 'IPv4'))
  // An address with a scope (fe80::1%eth0) is of use on its own link only.
  return [...outside.map((entry) => entry.address).filter((text) => !text.startsWith('fe80:')), '127.0.0.1']
}

export function baseUrl(address: string, ofPort: number): string {
  return `https://${address.includes(':') ? `[${address}]` : address}:${ofPort}`
}
