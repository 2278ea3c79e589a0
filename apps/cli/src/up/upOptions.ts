// What `heddle up` is told, checked before anything starts.

import { existsSync } from 'node:fs'
import { isIP } from 'node:net'
import { isLoopback } from '@heddle/shared/loopback'
import { z } from 'zod'
import { usageError } from '../terminal/advice.ts'

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port number')
  .transform(Number)
  .refine((n) => n <= 65_535, 'must be a port up to 65535')

const origin = z
  .string()
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), 'must be an http(s) URL')
  .transform((text) => new URL(text).origin)

const file = z.string().refine(existsSync, 'names a file that does not exist')

const upOptionsSchema = z.object({
  demo: z.boolean().default(false),
  consolePort: port.default(3000),
  controlPort: port.default(4000),
  listen: z
    .string()
    .refine((text) => isIP(text) !== 0 || text === 'localhost', 'must be an IP address')
    .default('127.0.0.1'),
  behindTls: z.boolean().default(false),
  consoleUrl: origin.optional(),
  tlsCert: file.optional(),
  tlsKey: file.optional(),
})

export interface UpOptions {
  demo: boolean
  consolePort: number
  controlPort: number
  /** Address that console and control plane listen on. */
  listen: string
  /** What people type into their browser; passwords and cookies are bound to it. */
  consoleUrl: string
  tls: { cert: string; key: string } | null
}

/** Whether nobody else can read what a browser sends there: encrypted, or never leaving this machine. */
function isPrivateWay(consoleUrl: string, listen: string, hasTls: boolean): boolean {
  const { protocol, hostname } = new URL(consoleUrl)
  if (protocol === 'https:') return true
  return !hasTls && isLoopback(listen) && isLoopback(hostname.replace(/^\[(.*)\]$/, '$1'))
}

/** Options as the command line parsed them; throws a usage error that lists what is wrong. */
export function readUpOptions(given: Readonly<Record<string, unknown>>): UpOptions {
  const parsed = upOptionsSchema.safeParse(given)
  if (!parsed.success)
    throw usageError(
      parsed.error.issues
        .map(({ path, message }) => `--${String(path[0]).replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)} ${message}`)
        .join('\n'),
    )
  const { demo, consolePort, controlPort, listen, behindTls, consoleUrl, tlsCert, tlsKey } = parsed.data
  if ((tlsCert === undefined) !== (tlsKey === undefined)) throw usageError('--tls-cert and --tls-key belong together')
  const tls = tlsCert === undefined || tlsKey === undefined ? null : { cert: tlsCert, key: tlsKey }
  if (!isLoopback(listen) && tls === null && !behindTls)
    throw usageError(
      `the console would send passwords in clear text on ${listen}`,
      'Give it a certificate with --tls-cert FILE --tls-key FILE, or say --behind-tls where something before it ends TLS.',
    )
  const isWildcard = listen === '0.0.0.0' || listen === '::'
  if (!isLoopback(listen) && consoleUrl === undefined && (behindTls || isWildcard))
    throw usageError(
      '--console-url is needed: the address that browsers see, e.g. https://mesh.example.org:3000',
      'Sign-in is bound to it.',
    )
  if (consoleUrl !== undefined && !isPrivateWay(consoleUrl, listen, tls !== null))
    throw usageError(
      `--console-url ${consoleUrl} must be https: passwords and cookies would travel in clear text`,
      'With --tls-cert, or behind something that ends TLS, browsers reach the console by https.',
    )
  if (consolePort !== 0 && consolePort === controlPort)
    throw usageError(`--console-port and --control-port cannot both be ${consolePort}`)
  const host = isLoopback(listen) ? 'localhost' : listen
  return {
    demo,
    consolePort,
    controlPort,
    listen,
    consoleUrl:
      consoleUrl ?? `${tls === null ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${consolePort}`,
    tls,
  }
}
