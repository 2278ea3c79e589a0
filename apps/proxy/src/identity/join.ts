// Joining: a token and a certificate request go to a control plane, a certificate comes back. The token is a secret,
// so nothing is sent before the other end has shown the root that the token names, a chain to it, and the control
// identity. The first connection only fetches that root and says nothing; the second one is verified by OpenSSL
// against it and nothing else.
import type { X509Certificate } from 'node:crypto'
import { createHash } from 'node:crypto'
import { request } from 'node:https'
import { connect } from 'node:tls'
import { parseJoinToken } from '@heddle/shared/joinToken'
import { isLoopback } from '@heddle/shared/loopback'
import { joinRequestSchema, joinResponseSchema, refusalSchema } from '@heddle/shared/wire/join'
import type { Log } from '../interfaces.ts'
import { EXIT, messageOf, StartError } from '../lifecycle/startError.ts'
import type { StoredCertificate } from '../state/stateDirectory.ts'
import { checkOwnChain, type OwnIdentity } from './chain.ts'
import {
  CONTROL_CONNECT_TIMEOUT_MS,
  controlAddress,
  controlTls,
  isUntrusted,
  NotTheControlPlane,
} from './controlPeer.ts'
import { certificateRequest } from './key.ts'

/** Issuing takes milliseconds; a database that hangs may take seconds. */
const ANSWER_TIMEOUT_MS = 10_000
const LARGEST_ANSWER_BYTES = 256 * 1024
/** Clocks further apart than this are worth a line in the log. */
const CLOCK_WARNING_MS = 30_000

export interface JoinOptions {
  controls: readonly string[]
  token: string
  own: OwnIdentity
  version: string
  /** The host that callers will be given; null: the local address of the connection. */
  advertisedHost: string | null
  hostId: string
  /** Milliseconds since the epoch. */
  now: () => number
  log: Log
}

/** A control plane that could not be reached; another one may be tried. */
class ControlAway extends Error {}

/** A certificate for our key. Throws a StartError that says what to do. */
export async function join(options: JoinOptions): Promise<StoredCertificate> {
  const token = parseJoinToken(options.token)
  if (token === undefined) {
    throw new StartError(
      EXIT.refused,
      'The join token is not of the form heddle.<id>.<secret>.<root>. Copy it whole, as `heddle token create` printed it.',
    )
  }
  const away: string[] = []
  for (const url of options.controls) {
    try {
      return await joinAt(url, token.rootSha256, options)
    } catch (error) {
      if (!(error instanceof ControlAway)) throw error
      away.push(`${url}: ${error.message}`)
    }
  }
  throw new StartError(
    EXIT.unavailable,
    `No control plane could be reached (${away.join('; ')}). Start one with \`heddle up\`, or name it with --control (HEDDLE_CONTROL).`,
  )
}

async function joinAt(url: string, rootSha256: string, options: JoinOptions): Promise<StoredCertificate> {
  const root = await fetchRoot(url, rootSha256, options.now())
  const answer = await post(url, root, options)
  const skew = Number.isNaN(answer.date) ? 0 : options.now() - answer.date
  if (Math.abs(skew) > CLOCK_WARNING_MS) {
    options.log.warn('the clock of this machine and that of the control plane are apart', { skew: inWords(skew) })
  }
  if (answer.status !== 200) throw refusal(url, answer.status, answer.body)
  const parsed = joinResponseSchema.safeParse(parseJson(answer.body))
  if (!parsed.success) throw untrusted(url, 'its answer is not one of this protocol; are both of the same version?')
  const { chain, roots, trustDomain } = parsed.data
  const leaf = checkOwnChain(chain, roots, trustDomain, options.own)
  if ('refused' in leaf) throw untrusted(url, `the certificate that it gave cannot be used: ${leaf.refused}`)
  const now = options.now()
  if (now < leaf.notBefore || now >= leaf.notAfter) {
    throw untrusted(
      url,
      `${clockMessage(skew === 0 ? now - leaf.notBefore : skew)} Set the clock (NTP), and start again.`,
    )
  }
  return { trustDomain, chain, roots, receivedAt: now }
}

/** The certificate with the token's SHA-256 among those that the control plane shows, PEM. Sends no byte of ours. */
async function fetchRoot(url: string, rootSha256: string, now: number): Promise<string> {
  const { host, port } = controlAddress(url)
  const shown = await new Promise<X509Certificate[]>((resolve, reject) => {
    const { servername, minVersion } = controlTls(host, [], null)
    // Not verified, and therefore told nothing: this connection ends as soon as the certificates are seen.
    const socket = connect({ host, port, servername, minVersion, rejectUnauthorized: false })
    socket.setTimeout(CONTROL_CONNECT_TIMEOUT_MS, () => socket.destroy(new Error('no answer within 5 s')))
    socket.once('error', (error) => reject(new ControlAway(messageOf(error), { cause: error })))
    socket.once('close', () => reject(new ControlAway('the connection was closed')))
    socket.once('secureConnect', () => {
      const chain: X509Certificate[] = []
      let certificate = socket.getPeerX509Certificate()
      while (certificate !== undefined && chain.length < 10) {
        chain.push(certificate)
        certificate = certificate.issuerCertificate === certificate ? undefined : certificate.issuerCertificate
      }
      resolve(chain)
      socket.destroy()
    })
  })
  const root = shown.find(({ raw }) => createHash('sha256').update(raw).digest('base64url') === rootSha256)
  if (root === undefined) {
    throw untrusted(
      url,
      'it shows another root certificate than the one that the join token names. Either the token is from another mesh, or something sits between. The token was not sent.',
    )
  }
  const [leaf] = shown
  const from = leaf?.validFromDate.getTime() ?? now
  const to = leaf?.validToDate.getTime() ?? now
  if (now < from || now >= to) {
    throw untrusted(
      url,
      `${clockMessage(now < from ? now - from : now - to, true)} Set the clock (NTP), and start again.`,
    )
  }
  return root.toString()
}

interface Answer {
  status: number
  body: string
  /** The Date header, milliseconds since the epoch; NaN where there is none. */
  date: number
}

function post(url: string, root: string, options: JoinOptions): Promise<Answer> {
  const { host, port } = controlAddress(url)
  return new Promise((resolve, reject) => {
    const connection = request({
      method: 'POST',
      path: '/v1/join',
      host,
      port,
      agent: false,
      headers: { 'content-type': 'application/json', host: `${host.includes(':') ? `[${host}]` : host}:${port}` },
      ...controlTls(host, [root], null),
    })
    const timer = setTimeout(() => connection.destroy(new ControlAway('no answer within 10 s')), ANSWER_TIMEOUT_MS)
    connection.once('close', () => clearTimeout(timer))
    connection.once('error', (error) => reject(classify(url, error)))
    connection.once('socket', (socket) => {
      socket.once('secureConnect', () => connection.end(JSON.stringify(body(options, socket.localAddress ?? ''))))
    })
    connection.once('response', (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
        if (text.length > LARGEST_ANSWER_BYTES) response.destroy(new Error('the answer is too large'))
      })
      response.once('error', (error) => reject(new ControlAway(messageOf(error), { cause: error })))
      response.once('end', () =>
        resolve({ status: response.statusCode ?? 0, body: text, date: Date.parse(response.headers.date ?? '') }),
      )
    })
  })
}

function body({ token, own, version, advertisedHost, hostId }: JoinOptions, localAddress: string) {
  return joinRequestSchema.parse({
    token: token.trim(),
    service: own.service,
    version,
    instance: own.instance,
    csr: certificateRequest(own.key),
    loopback: isLoopback(advertisedHost ?? localAddress),
    hostId,
  })
}

function classify(url: string, error: Error): Error {
  if (error instanceof ControlAway) return error
  if (error instanceof NotTheControlPlane) return untrusted(url, `${error.message}. The token was not sent.`)
  if (isUntrusted(error))
    return untrusted(url, `its certificate is not good (${error.message}). The token was not sent.`)
  return new ControlAway(error.message, { cause: error })
}

function refusal(url: string, status: number, text: string): Error {
  const parsed = refusalSchema.safeParse(parseJson(text))
  if (status >= 500) return new ControlAway(parsed.success ? parsed.data.message : `it answered ${status}`)
  if (!parsed.success) return new StartError(EXIT.refused, `The control plane ${url} refused the join with ${status}.`)
  return new StartError(EXIT.refused, parsed.data.message)
}

function untrusted(url: string, reason: string): StartError {
  return new StartError(EXIT.untrusted, `The control plane ${url} cannot be trusted: ${reason}`)
}

/** `skewMs` above 0: this machine is ahead. */
function clockMessage(skewMs: number, isLeast = false): string {
  return `the clock of this machine is ${isLeast ? 'at least ' : ''}${inWords(Math.abs(skewMs))} ${skewMs > 0 ? 'ahead of' : 'behind'} that of the control plane.`
}

function inWords(ms: number): string {
  const minutes = ms / 60_000
  if (Math.abs(minutes) < 1) return `${Math.round(ms / 1_000)} s`
  if (Math.abs(minutes) < 120) return `${Math.round(minutes)} min`
  return Math.abs(minutes) < 2_880 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1_440)} days`
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
