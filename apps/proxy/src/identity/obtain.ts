// The identity to start with: the one on disk, or a new one by joining with a token.
import { createHash, X509Certificate } from 'node:crypto'
import type { Clock } from '@heddle/shared/clock'
import { parseJoinToken } from '@heddle/shared/joinToken'
import type { ProxyConfig } from '../config.ts'
import type { Log } from '../interfaces.ts'
import { hostId } from '../state/hostId.ts'
import type { StateDirectory, StoredCertificate } from '../state/stateDirectory.ts'
import { checkOwnChain, type OwnIdentity } from './chain.ts'
import { type InstanceKey, newKey, readKey } from './key.ts'
import { usability } from './renewal.ts'

export interface Obtained {
  own: OwnIdentity
  certificate: StoredCertificate
  /** It came by joining now, not from disk. */
  isJoined: boolean
}

export interface ObtainOptions {
  config: ProxyConfig
  state: StateDirectory
  /** Asked only when there is no usable certificate. */
  joinToken: () => Promise<string>
  clock: Clock
  log: Log
}

/** Throws a StartError that says what to do. */
export async function obtainIdentity({ config, state, joinToken, clock, log }: ObtainOptions): Promise<Obtained> {
  const own = { key: storedKey(state, log) ?? makeKey(state), service: config.service, instance: state.instance }
  const stored = state.readCertificate()
  if (stored !== undefined) {
    const reason = unusable(stored, own, clock.now()) ?? ofAnotherMesh(stored, config.joinToken)
    if (reason === undefined) return { own, certificate: stored, isJoined: false }
    log.warn('the certificate on disk cannot be used; joining anew', { reason })
  }
  const token = await joinToken()
  // Only here, so that a start from disk does not load what joining needs.
  const { join } = await import('./join.ts')
  const certificate = await join({
    controls: config.controls,
    token,
    own,
    version: config.version,
    advertisedHost: config.advertise?.host ?? null,
    hostId: hostId(config.home),
    now: () => clock.now(),
    log,
  })
  state.writeCertificate(certificate)
  log.info('joined the mesh', { service: config.service, version: config.version, key: fingerprint(own.key) })
  return { own, certificate, isJoined: true }
}

function storedKey(state: StateDirectory, log: Log): InstanceKey | undefined {
  const pem = state.readKey()
  if (pem === undefined) return undefined
  const key = readKey(pem)
  if (key === undefined) {
    log.warn('the key on disk is not readable and was set aside; joining with a new one')
    state.setKeyAside()
  }
  return key
}

function makeKey(state: StateDirectory): InstanceKey {
  const key = newKey()
  state.writeKey(key.pem)
  return key
}

function unusable(stored: StoredCertificate, own: OwnIdentity, now: number): string | undefined {
  const leaf = checkOwnChain(stored.chain, stored.roots, stored.trustDomain, own)
  if ('refused' in leaf) return leaf.refused
  return usability(leaf.notAfter, now) === 'lost' ? 'it expired more than 30 days ago' : undefined
}

/** Whoever gives a token of another mesh than the one on disk wants to be in that one. */
function ofAnotherMesh({ roots }: StoredCertificate, joinToken: string | null): string | undefined {
  const wanted = joinToken === null ? undefined : parseJoinToken(joinToken)?.rootSha256
  if (wanted === undefined) return undefined
  const isKnown = roots.some((root) => sha256(new X509Certificate(root).raw) === wanted)
  return isKnown ? undefined : 'the join token is of another mesh'
}

const sha256 = (der: Buffer): string => createHash('sha256').update(der).digest('base64url')

/** To tell keys apart in a log; nothing follows from it. */
function fingerprint({ pem }: InstanceKey): string {
  return createHash('sha256').update(pem).digest('hex').slice(0, 8)
}
