// The console's first certificate: a one-time secret that a control plane left in HEDDLE_HOME, and a certificate
// request, for a certificate of the identity `console`. The secret is sent only after the other end has shown the root
// that the secret names, a chain to it, and the control identity.
import { readFileSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { CONTROL_CONNECT_TIMEOUT_MS, controlAddress, controlTls } from '@heddle/proxy/identity/controlPeer'
import { certificateRequest, newKey } from '@heddle/proxy/identity/key'
import { joinResponseSchema, refusalSchema } from '@heddle/shared/wire/join'
import { z } from 'zod'
import { type ConsoleIdentity, checkIdentity, rootHash } from './consoleIdentity.ts'

const ANSWER_TIMEOUT_MS = 10_000
const LARGEST_ANSWER_BYTES = 256 * 1024

const secretSchema = z.object({
  secret: z.string(),
  rootSha256: z.string(),
  controlUrl: z.url({ protocol: /^https$/ }),
})
export type ConsoleSecret = z.infer<typeof secretSchema>

const secretPath = (home: string): string => join(home, 'console-secret')

/** undefined: there is none (it is spent, or no control plane has started yet), or it cannot be understood. */
export function readSecret(home: string): ConsoleSecret | undefined {
  try {
    return secretSchema.parse(JSON.parse(readFileSync(secretPath(home), 'utf8')))
  } catch {
    return undefined
  }
}

/** A spent secret is of no use to anybody; one that a control plane has just written anew stays. */
export function removeSecret(home: string, spent: ConsoleSecret): void {
  if (readSecret(home)?.secret !== spent.secret) return
  rmSync(secretPath(home), { force: true })
}

/** The control plane answered, and said no: trying again with the same secret is in vain. */
export class EnrolmentRefused extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'EnrolmentRefused'
  }
}

/** @throws EnrolmentRefused, or what the network throws. `now` in milliseconds since the epoch. */
export async function enrol(
  { secret, rootSha256, controlUrl }: ConsoleSecret,
  now: () => number,
): Promise<ConsoleIdentity> {
  const root = await fetchRoot(controlUrl, rootSha256)
  const key = newKey()
  const answer = await post(controlUrl, root, { secret, csr: certificateRequest(key) })
  if (answer.status !== 200) {
    const refusal = refusalSchema.safeParse(parseJson(answer.body))
    const message = refusal.success ? refusal.data.message : `it answered ${answer.status}`
    if (answer.status >= 500) throw new Error(`The control plane cannot certify the console now: ${message}`)
    throw new EnrolmentRefused(message)
  }
  const parsed = joinResponseSchema.safeParse(parseJson(answer.body))
  if (!parsed.success) throw new EnrolmentRefused('its answer is not one of this protocol')
  const identity = checkIdentity({ ...parsed.data, key: key.pem, receivedAt: now() })
  if ('refused' in identity) throw new EnrolmentRefused(`its certificate cannot be used: ${identity.refused}`)
  return identity
}

/** The certificate with that SHA-256 among those that the control plane shows, PEM. Sends nothing of ours. */
async function fetchRoot(url: string, rootSha256: string): Promise<string> {
  const { host, port } = controlAddress(url)
  const shown = await new Promise<string[]>((resolve, reject) => {
    const { servername, minVersion } = controlTls(host, [], null)
    const socket = connect({ host, port, servername, minVersion, rejectUnauthorized: false })
    socket.setTimeout(CONTROL_CONNECT_TIMEOUT_MS, () => socket.destroy(new Error('no answer within 5 s')))
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('the connection was closed')))
    socket.once('secureConnect', () => {
      const chain: string[] = []
      let certificate = socket.getPeerX509Certificate()
      while (certificate !== undefined && chain.length < 10) {
        chain.push(certificate.toString())
        certificate = certificate.issuerCertificate === certificate ? undefined : certificate.issuerCertificate
      }
      resolve(chain)
      socket.destroy()
    })
  })
  const root = shown.find((pem) => rootHash(pem) === rootSha256)
  if (root === undefined)
    throw new EnrolmentRefused('it shows another root certificate than the secret names; the secret was not sent')
  return root
}

function post(url: string, root: string, body: object): Promise<{ status: number; body: string }> {
  const { host, port } = controlAddress(url)
  return new Promise((resolve, reject) => {
    const outgoing = request({
      method: 'POST',
      path: '/v1/console/join',
      host,
      port,
      agent: false,
      timeout: ANSWER_TIMEOUT_MS,
      headers: { 'content-type': 'application/json' },
      ...controlTls(host, [root], null),
    })
    outgoing.once('timeout', () => outgoing.destroy(new Error('no answer within 10 s')))
    outgoing.once('error', reject)
    // The body goes out only once the other end is verified.
    outgoing.once('socket', (socket) =>
      socket.once('secureConnect', () => {
        outgoing.end(JSON.stringify(body))
      }),
    )
    outgoing.once('response', (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
        if (text.length > LARGEST_ANSWER_BYTES) response.destroy(new Error('the answer is too large'))
      })
      response.once('error', reject)
      response.once('end', () => resolve({ status: response.statusCode ?? 0, body: text }))
    })
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
