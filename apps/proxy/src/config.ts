// The proxy's configuration: the only reader of the environment. Every mistake is named at once, before a port is
// bound or a file is written.
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { DEFAULT_VERSION, DNS_LABEL, derivedName, serviceNameSchema, versionSchema } from '@heddle/shared/names'
import { readUpstreams, type Upstream, upstreamText } from '@heddle/shared/upstream'
import { workersSchema } from '@heddle/shared/workers'
import { z } from 'zod'
import { EXIT, StartError } from './lifecycle/startError.ts'

/** Where `heddle up` listens when it is not told otherwise. */
const DEFAULT_CONTROL = 'https://127.0.0.1:4000'

/** An instance id, `<service>-<version>-<n>-<4 letters>`, must be a DNS label of 63. */
const LONGEST_DERIVED_NAME = 54

export interface Advertised {
  /** An IP address or a host name, without brackets. */
  host: string
  /** null: the port that the proxy listens on. */
  port: number | null
}

export interface ProxyConfig {
  service: string
  version: string
  /** Name of the state directory; null: `<service>-<version>-<lowest free n>`. */
  instance: string | null
  /** Where the app listens on this machine; null: a client only. */
  appPort: number | null
  /** Asked with GET for readiness; null: a TCP connection must succeed. */
  readyPath: string | null
  publicPort: number | null
  /** Ports: a number is fixed, null keeps the last one or picks a free one. */
  outboundPort: number | null
  inboundPort: number | null
  adminPort: number | null
  /** Processes that carry traffic; 1: this one alone. */
  workers: number
  /** TCP services of the mesh, each on a local port. */
  upstreams: readonly Upstream[]
  /** Base URLs of the control planes, https, in the order given. */
  controls: string[]
  joinToken: string | null
  advertise: Advertised | null
  /** HEDDLE_HOME, absolute. */
  home: string
}

const port = (low: number) =>
  z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port number')
    .transform(Number)
    .refine((n) => n >= low && n <= 65535, `must be a port from ${low} to 65535`)
    .optional()

const controlUrls = z.string().transform((text, context) => {
  const urls: string[] = []
  for (const part of text.split(',').map((url) => url.trim())) {
    if (part === '') continue
    const url = URL.parse(part)
    if (url?.protocol === 'https:' && url.pathname === '/' && url.search === '' && url.username === '') {
      urls.push(url.origin)
    } else {
      context.addIssue({ code: 'custom', message: `"${part}" is not of the form https://HOST:PORT` })
    }
  }
  if (urls.length === 0) context.addIssue({ code: 'custom', message: 'names no control plane' })
  return urls
})

const advertise = z.string().transform((text, context): Advertised => {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9.-]+))(?::(\d{1,5}))?$/.exec(text)
  const host = match?.[1] ?? match?.[2]
  const number = match?.[3] === undefined ? null : Number(match[3])
  if (host === undefined || (number !== null && (number < 1 || number > 65535))) {
    context.addIssue({ code: 'custom', message: 'must be HOST or HOST:PORT, an IPv6 address in brackets' })
    return z.NEVER
  }
  return { host, port: number }
})

const upstreams = z.string().transform((text, context) => {
  const read = readUpstreams(text.split(',').map((one) => one.trim()))
  for (const message of read.mistakes) context.addIssue({ code: 'custom', message })
  return read.upstreams
})

const environmentSchema = z.object({
  HEDDLE_SERVICE: z.string('is required: the name of the service (--service)').pipe(serviceNameSchema),
  HEDDLE_VERSION: versionSchema.optional(),
  HEDDLE_INSTANCE: z
    .string()
    .regex(DNS_LABEL, 'must be 1 to 63 of a-z, 0-9 and "-", and start and end with a letter or digit')
    .optional(),
  HEDDLE_APP_PORT: port(1),
  HEDDLE_READY_PATH: z
    .string()
    .regex(/^\/[^\s#]*$/, 'must be a path that begins with "/"')
    .optional(),
  HEDDLE_PUBLIC_PORT: port(0),
  HEDDLE_OUTBOUND_PORT: port(0),
  HEDDLE_INBOUND_PORT: port(0),
  HEDDLE_ADMIN_PORT: port(0),
  HEDDLE_UPSTREAMS: upstreams.optional(),
  HEDDLE_WORKERS: workersSchema.optional(),
  HEDDLE_CONTROL: controlUrls.optional(),
  HEDDLE_JOIN_TOKEN: z.string().optional(),
  HEDDLE_ADVERTISE: advertise.optional(),
  HEDDLE_HOME: z.string().refine(isAbsolute, 'must be an absolute path').optional(),
})

/** Port 0 means the same as none: keep the last one or pick. */
const fixed = (value: number | undefined): number | null => (value === undefined || value === 0 ? null : value)

/** The configuration in `environment`; throws a StartError (exit 64) that names every mistake. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): ProxyConfig {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = environmentSchema.safeParse(given)
  const mistakes = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join('.') || 'environment'}: ${issue.message}`)
  if (parsed.success) {
    const e = parsed.data
    const derived = derivedName(e.HEDDLE_SERVICE, e.HEDDLE_VERSION ?? DEFAULT_VERSION)
    if (derived.length > LONGEST_DERIVED_NAME) {
      mistakes.push(
        `HEDDLE_VERSION: "${derived}" has more than ${LONGEST_DERIVED_NAME} characters; shorten the service or the version`,
      )
    }
    if (e.HEDDLE_APP_PORT === undefined && e.HEDDLE_PUBLIC_PORT !== undefined) {
      mistakes.push('HEDDLE_PUBLIC_PORT: a public port needs an app behind it; give --app-port too')
    }
    if (e.HEDDLE_APP_PORT === undefined && e.HEDDLE_READY_PATH !== undefined) {
      mistakes.push('HEDDLE_READY_PATH: there is no app to ask without --app-port')
    }
    const upstreams = e.HEDDLE_UPSTREAMS ?? []
    const named = [e.HEDDLE_APP_PORT, e.HEDDLE_PUBLIC_PORT, e.HEDDLE_OUTBOUND_PORT, e.HEDDLE_INBOUND_PORT]
      .concat(e.HEDDLE_ADMIN_PORT)
      .filter((n) => n !== undefined && n !== 0)
    if (new Set(named).size !== named.length) {
      mistakes.push('HEDDLE_*_PORT: the app and the proxy need ports of their own; one is given twice')
    }
    for (const upstream of upstreams.filter(({ port }) => named.includes(port))) {
      mistakes.push(
        `HEDDLE_UPSTREAMS: "${upstreamText(upstream)}": the app or the proxy itself has port ${upstream.port}`,
      )
    }
    if (mistakes.length === 0) {
      return {
        service: e.HEDDLE_SERVICE,
        version: e.HEDDLE_VERSION ?? DEFAULT_VERSION,
        instance: e.HEDDLE_INSTANCE ?? null,
        appPort: e.HEDDLE_APP_PORT ?? null,
        readyPath: e.HEDDLE_READY_PATH ?? null,
        publicPort: e.HEDDLE_PUBLIC_PORT ?? null,
        outboundPort: fixed(e.HEDDLE_OUTBOUND_PORT),
        inboundPort: fixed(e.HEDDLE_INBOUND_PORT),
        adminPort: fixed(e.HEDDLE_ADMIN_PORT),
        upstreams,
        workers: e.HEDDLE_WORKERS ?? 1,
        controls: e.HEDDLE_CONTROL ?? [DEFAULT_CONTROL],
        joinToken: e.HEDDLE_JOIN_TOKEN ?? null,
        advertise: e.HEDDLE_ADVERTISE ?? null,
        home: e.HEDDLE_HOME ?? join(homedir(), '.heddle'),
      }
    }
  }
  throw new StartError(EXIT.usage, `The proxy's configuration is wrong:\n${mistakes.map((m) => `  ${m}`).join('\n')}`)
}
