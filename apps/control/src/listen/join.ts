// Joining: a token (or the console's secret) and a certificate request go in, a certificate comes out. What the
// certificate says follows from the token and the registry; of the request only the public key is used.
import {
  consumeConsoleSecret,
  type Database,
  ensureService,
  findIssued,
  isRevoked,
  NameClashError,
  recordIssued,
  redeemJoinToken,
  type Transaction,
} from '@heddle/db'
import type { Clock } from '@heddle/shared/clock'
import { parseJoinToken } from '@heddle/shared/joinToken'
import { isLoopback } from '@heddle/shared/loopback'
import {
  consoleJoinRequestSchema,
  type JoinRequest,
  type JoinResponse,
  joinRequestSchema,
} from '@heddle/shared/wire/join'
import { z } from 'zod'
import { type Authority, type IssuedLeaf, issuedRecord } from '../ca/authority.ts'
import { publicKeySha256 } from '../ca/keys.ts'
import { readCertificateRequest } from '../ca/request.ts'
import { errorText, type Log } from '../log.ts'
import { Slots } from '../slots.ts'
import { Refusal } from './answer.ts'
import { FailureLimit, limitKey } from './rateLimit.ts'

/** Refused joins per address and minute. The secrets have 256 bits: this protects the database, not them. */
const FAILURES_PER_MINUTE = 30
/** Joins that are looked at at once: attempts that come together are counted one after another all the same. */
const MAX_IN_PROGRESS = 4
/** Joins that wait for that: a mesh that starts all at once; more are told to come back. */
const MAX_WAITING = 200
/** The console renews itself long before; a console that was switched off for weeks still comes back. */
export const CONSOLE_TTL_MS = 30 * 24 * 3_600_000

export interface JoinOptions {
  db: Database
  authority: Authority
  clock: Clock
  log: Log
  /** Of this control plane's HEDDLE_HOME. */
  hostId: string
  leafTtlMs: () => number
  /** A service or version came into being: puts it into force before the join is answered. */
  onCreated: () => Promise<void>
  /** Counted in /metrics: `ok` or the code of the refusal. */
  onResult: (result: string) => void
}

export interface Joining {
  /** `remote`: address of the client. Throws a Refusal. */
  join(body: unknown, remote: string): Promise<JoinResponse>
  joinConsole(body: unknown, remote: string): Promise<JoinResponse>
}

export function createJoining(options: JoinOptions): Joining {
  const { db, authority, clock, log } = options
  const failures = new FailureLimit(FAILURES_PER_MINUTE)
  const inProgress = new Slots(MAX_IN_PROGRESS)

  const answer = ({ chain }: IssuedLeaf): JoinResponse => ({
    trustDomain: authority.trustDomain,
    chain,
    roots: [...authority.roots()],
  })

  const guarded = async (remote: string, work: () => Promise<JoinResponse>): Promise<JoinResponse> => {
    const key = limitKey(remote)
    const attempt = async () => {
      // Asked when it is this one's turn: those before it may have been wrong.
      const waitMs = failures.waitMs(key, clock.monotonic())
      if (waitMs > 0)
        throw new Refusal(429, 'too_many_attempts', 'Too many refused joins came from this address.', waitMs)
      try {
        return await work()
      } catch (error) {
        const refusal = asRefusal(error, log)
        if (refusal.status < 500) failures.failed(key, clock.monotonic())
        throw refusal
      }
    }
    try {
      if (inProgress.waiting >= MAX_WAITING)
        throw new Refusal(503, 'busy', 'Too many proxies join at this moment. Try again.', 1_000)
      const response = await inProgress.run(attempt)
      options.onResult('ok')
      return response
    } catch (error) {
      const refusal = asRefusal(error, log)
      options.onResult(refusal.code)
      log('warn', 'refused a join', { remote, code: refusal.code })
      throw refusal
    }
  }

  async function issueToInstance(request: JoinRequest, spki: Buffer, tx: Transaction) {
    const { service, version, instance, token } = request
    const keySha256 = publicKeySha256(spki)
    const redemption = await redeemJoinToken(tx, { token: token.trim(), service, instance, keySha256 })
    if (!redemption.ok) throw new Refusal(401, `token_${redemption.reason}`, redemption.message)
    if (await isRevoked(tx, { service, instance }))
      throw new Refusal(403, 'revoked', `The service ${service} or the instance ${instance} is revoked.`)
    const holder = await findIssued(tx, instance)
    if (holder !== null && (holder.service !== service || holder.keySha256 !== keySha256))
      throw new Refusal(
        409,
        'instance_taken',
        `The instance ${instance} belongs to another proxy. Start without its state directory's instance id to get a new one.`,
      )
    const { created } = await ensureService(tx, { service, version, actor: `token ${redemption.tokenId}` })
    const leaf = await authority.issue({ kind: 'instance', service, version, instance }, spki, options.leafTtlMs())
    await recordIssued(tx, issuedRecord(request, leaf))
    return { leaf, created }
  }

  return {
    join: (body, remote) =>
      guarded(remote, async () => {
        const request = parse(joinRequestSchema, body)
        const { service, version, instance } = request
        if (parseJoinToken(request.token) === undefined)
          throw new Refusal(401, 'token_malformed', 'The join token is not one of Heddle: copy it whole.')
        if (!instance.startsWith(`${service}-${version}-`))
          throw new Refusal(
            400,
            'instance_name',
            `The instance id must begin with "${service}-${version}-"; pass such a one with --instance.`,
          )
        if (request.loopback && request.hostId !== options.hostId && !isLoopback(remote))
          throw new Refusal(
            400,
            'loopback_elsewhere',
            'This proxy would be known to others by a loopback address, which leads them to themselves. ' +
              'Pass --advertise HOST[:PORT] with an address under which this machine is reached.',
          )
        const key = await readCertificateRequest(request.csr)
        if ('refused' in key) throw new Refusal(400, 'bad_request', key.refused)
        const { leaf, created } = await db.transaction((tx) => issueToInstance(request, key.spki, tx))
        if (created) await options.onCreated()
        log('info', 'joined', { instance, service, version, remote })
        return answer(leaf)
      }),
    joinConsole: (body, remote) =>
      guarded(remote, async () => {
        const request = parse(consoleJoinRequestSchema, body)
        const key = await readCertificateRequest(request.csr)
        if ('refused' in key) throw new Refusal(400, 'bad_request', key.refused)
        const leaf = await db.transaction(async (tx) => {
          if (await consumeConsoleSecret(tx, request.secret))
            return authority.issue({ kind: 'console' }, key.spki, CONSOLE_TTL_MS)
          throw new Refusal(
            401,
            'secret_invalid',
            "The console's secret is not valid (any more). A restart of the control plane makes a new one.",
          )
        })
        log('info', 'the console joined', { remote })
        return answer(leaf)
      }),
  }
}

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body)
  if (!parsed.success) throw new Refusal(400, 'malformed', z.prettifyError(parsed.error))
  return parsed.data
}

function asRefusal(error: unknown, log: Log): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof NameClashError) return new Refusal(409, 'name_taken', error.message)
  log('warn', 'a join could not be served', { reason: errorText(error) })
  return new Refusal(503, 'unavailable', 'The control plane cannot reach its database. Try again.', 2_000)
}
