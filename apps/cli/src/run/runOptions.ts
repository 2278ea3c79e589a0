// What `heddle run` and `heddle proxy` are told, checked before anything starts; every mistake at once.
import { DEFAULT_VERSION, DNS_LABEL, derivedName, serviceNameSchema, versionSchema } from '@heddle/shared/names'
import { readUpstreams, upstreamText } from '@heddle/shared/upstream'
import { workersSchema } from '@heddle/shared/workers'
import { z } from 'zod'
import { usageError } from '../terminal/advice.ts'

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port number')
  .transform(Number)
  .refine((n) => n >= 1 && n <= 65_535, 'must be a port from 1 to 65535')

const upstreams = z.array(z.string()).transform((texts, context) => {
  const read = readUpstreams(texts)
  for (const message of read.mistakes) context.addIssue({ code: 'custom', message })
  return read.upstreams
})

const proxyOptionsSchema = z.object({
  service: serviceNameSchema,
  version: versionSchema.default(versionSchema.parse(DEFAULT_VERSION)),
  instance: z.string().regex(DNS_LABEL, 'must be 1 to 63 of a-z, 0-9 and "-"').optional(),
  appPort: port.optional(),
  readyPath: z
    .string()
    .regex(/^\/[^\s#]*$/, 'must begin with "/"')
    .optional(),
  publicPort: port.optional(),
  outboundPort: port.optional(),
  inboundPort: port.optional(),
  adminPort: port.optional(),
  upstream: upstreams.default([]),
  workers: workersSchema.optional(),
  control: z.string().optional(),
  token: z.string().optional(),
  advertise: z.string().optional(),
})
export type ProxyOptions = z.infer<typeof proxyOptionsSchema>

const optionName = (field: string): string => `--${field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`

/** Options as the command line parsed them (texts); throws a usage error that lists what is wrong. */
export function readProxyOptions(given: Readonly<Record<string, unknown>>): ProxyOptions {
  const parsed = proxyOptionsSchema.safeParse(given)
  const mistakes = parsed.success
    ? mistakesBetween(parsed.data)
    : parsed.error.issues.map(({ path, message }) => `${optionName(String(path[0]))} ${message}`)
  if (parsed.success && mistakes.length === 0) return parsed.data
  throw usageError(mistakes.join('\n'))
}

function mistakesBetween(options: ProxyOptions): string[] {
  const mistakes: string[] = []
  if (options.appPort === undefined)
    for (const field of ['publicPort', 'readyPath', 'inboundPort', 'advertise'] as const)
      if (options[field] !== undefined)
        mistakes.push(`${optionName(field)} needs --app-port: without it the service is a client only`)
  if (derivedName(options.service, options.version).length > 63)
    mistakes.push('--service and --version together must not be longer than 62 characters')
  const seen = new Map<number, string>()
  for (const field of ['appPort', 'publicPort', 'outboundPort', 'inboundPort', 'adminPort'] as const) {
    const number = options[field]
    if (number === undefined) continue
    const other = seen.get(number)
    if (other !== undefined) mistakes.push(`${other} and ${optionName(field)} cannot both be ${number}`)
    seen.set(number, optionName(field))
  }
  for (const upstream of options.upstream) {
    const other = seen.get(upstream.port)
    if (other !== undefined) mistakes.push(`${other} and --upstream ${upstreamText(upstream)} cannot have one port`)
  }
  return mistakes
}

/** What is not wrong and still will not help, a sentence each. `processors`: of this machine, as far as they are ours. */
export function doubtsAbout({ workers = 1 }: ProxyOptions, processors: number): string[] {
  if (workers <= processors) return []
  return [
    `warning: --workers ${workers} on ${processors === 1 ? 'one processor' : `${processors} processors`}: more workers than that take memory and make nothing faster`,
  ]
}

/** The proxy's own environment (apps/proxy/src/config.ts). */
export function proxyVariables(options: ProxyOptions, control: string, home: string): Record<string, string> {
  const text = (value: string | number | undefined, name: string): Record<string, string> =>
    value === undefined ? {} : { [name]: String(value) }
  return {
    HEDDLE_HOME: home,
    HEDDLE_CONTROL: control,
    HEDDLE_SERVICE: options.service,
    HEDDLE_VERSION: options.version,
    ...text(options.instance, 'HEDDLE_INSTANCE'),
    ...text(options.appPort, 'HEDDLE_APP_PORT'),
    ...text(options.readyPath, 'HEDDLE_READY_PATH'),
    ...text(options.publicPort, 'HEDDLE_PUBLIC_PORT'),
    ...text(options.outboundPort, 'HEDDLE_OUTBOUND_PORT'),
    ...text(options.inboundPort, 'HEDDLE_INBOUND_PORT'),
    ...text(options.adminPort, 'HEDDLE_ADMIN_PORT'),
    ...text(options.upstream.map(upstreamText).join(',') || undefined, 'HEDDLE_UPSTREAMS'),
    ...text(options.workers, 'HEDDLE_WORKERS'),
    ...text(options.token, 'HEDDLE_JOIN_TOKEN'),
    ...text(options.advertise, 'HEDDLE_ADVERTISE'),
  }
}
