// Connections to hosts outside the mesh. What may be called is the mesh's settings; here is made sure that the address
// which is dialled is the one that was judged, so that no name can lead back to this host.
import { BlockList, isIP, type Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import type { Clock } from '@heddle/shared/clock'
import type { MeshDocument } from '@heddle/shared/wire/config'
import { classifyError, DialError } from './classifyError.ts'
import { dialTcp } from './dial.ts'
import { HostLookup } from './hostLookup.ts'
import { Pool } from './pool.ts'
import { isSpecialAddress } from './specialAddress.ts'
import type { Failure, Upstream } from './upstream.ts'

export type EgressPolicy = MeshDocument['egress']

const IDLE_MS = 4_000
/** Pools of hosts that were not called for this long are let go. */
const FORGET_AFTER_MS = 120_000
/** At most as many addresses of one name are tried. */
const MAX_ADDRESSES = 3

/** Whether the settings let `host` be called. `host`: lower case, IPv6 in brackets. */
export function isEgressAllowed(policy: EgressPolicy, host: string, port: number): boolean {
  if (policy === 'allow') return true
  if (policy === 'deny') return false
  return policy.hosts.some((pattern) => matchesHost(pattern, host, port))
}

function matchesHost(pattern: string, host: string, port: number): boolean {
  const colon = pattern.endsWith(']') ? -1 : pattern.lastIndexOf(':')
  const name = colon === -1 ? pattern : pattern.slice(0, colon)
  if (colon !== -1 && Number(pattern.slice(colon + 1)) !== port) return false
  return name.startsWith('*.') ? host.endsWith(name.slice(1)) && host.length > name.length - 1 : host === name
}

/** The address itself (or "localhost") is in the list: only that opens loopback and the like. */
function isAddressListed(policy: EgressPolicy, host: string, address: string, port: number): boolean {
  return isNamed(
    policy,
    [isIP(address) === 6 ? `[${address}]` : address, ...(host === 'localhost' ? [host] : [])],
    port,
  )
}

function isNamed(policy: EgressPolicy, names: readonly string[], port: number): boolean {
  if (policy === 'allow' || policy === 'deny') return false
  return policy.hosts.some((pattern) => !pattern.startsWith('*.') && names.some((n) => matchesHost(pattern, n, port)))
}

/** What `Egress.dial` rejects with, as the mesh's own answer. */
export function egressFailure(error: unknown): Failure {
  const known = error instanceof Error ? error : new Error(String(error))
  return classifyError(
    known,
    { isConnected: false, isReused: false, hasSentBytes: false, hasAnswerBytes: false },
    'egress',
  )
}

/** A port of the mesh. */
export interface Place {
  /** An IP address without brackets, or a host name. */
  address: string
  port: number
}

export interface EgressParts {
  clock: Clock
  policy(): EgressPolicy
  /** Ports of this proxy, on whichever address of the host. */
  ownPorts(): readonly number[]
  /** Ports of the mesh elsewhere: the endpoints that are known, and the control planes. */
  meshPlaces(): Iterable<Place>
}

export class Egress {
  readonly #parts: EgressParts
  readonly #pools = new Map<string, Pool>()
  readonly #lookup = new HostLookup()

  constructor(parts: EgressParts) {
    this.#parts = parts
  }

  isAllowed(host: string, port: number): boolean {
    return isEgressAllowed(this.#parts.policy(), host, port)
  }

  at(host: string, port: number): Upstream {
    const key = `${host}:${port}`
    const known = this.#pools.get(key)
    if (known !== undefined) return known
    const dial = async () => ({
      socket: await this.dial(host, port),
      peer: null,
      endAtMs: Number.POSITIVE_INFINITY,
    })
    const pool = new Pool(dial, { to: 'egress', idleMs: IDLE_MS }, this.#parts.clock)
    this.#pools.set(key, pool)
    return pool
  }

  /** Rejects with a DialError: HEDDLE_EGRESS where the settings or the address forbid it, else HEDDLE_CONNECT. */
  async dial(host: string, port: number): Promise<Socket> {
    const policy = this.#parts.policy()
    if (!isEgressAllowed(policy, host, port)) throw new DialError('HEDDLE_EGRESS', `${host}:${port} is not allowed`)
    const names = [...this.#parts.meshPlaces()].filter((place) => place.port === port && isIP(place.address) === 0)
    if (names.some(({ address }) => address === host) && !isNamed(policy, [host], port))
      throw new DialError('HEDDLE_EGRESS', `${host}:${port} is the mesh's own`)
    const addresses = await this.#lookup.resolve(host)
    const allowed = addresses.filter((address) => this.#mayDial(policy, host, address, port))
    if (allowed.length === 0)
      throw new DialError('HEDDLE_EGRESS', `${host} leads to ${addresses.join(', ')}, which is not outside`)
    let last: unknown
    for (const address of allowed.slice(0, MAX_ADDRESSES)) {
      try {
        return await dialTcp(address, port)
      } catch (error) {
        last = error
      }
    }
    throw last
  }

  sweep(): void {
    const oldest = this.#parts.clock.monotonic() - FORGET_AFTER_MS
    for (const [key, pool] of this.#pools) {
      pool.sweep()
      if (pool.isEmpty && pool.lastUsedMs < oldest) this.#pools.delete(key)
    }
  }

  destroy(): void {
    for (const pool of this.#pools.values()) pool.destroy()
  }

  #mayDial(policy: EgressPolicy, host: string, address: string, port: number): boolean {
    if (isAddressListed(policy, host, address, port)) return true
    if (isSpecialAddress(address)) return false
    if (this.#parts.ownPorts().includes(port) && isOfThisHost(address)) return false
    return !isAmong(this.#parts.meshPlaces(), address, port)
  }
}

/** However the address is written: an IPv4 address may come inside an IPv6 one. */
function isAmong(places: Iterable<Place>, address: string, port: number): boolean {
  const known = new BlockList()
  for (const place of places) {
    const family = place.port === port ? isIP(place.address) : 0
    if (family !== 0) known.addAddress(place.address, familyName(family))
  }
  const bare = address.split('%')[0] ?? ''
  return known.check(bare, familyName(isIP(bare)))
}

function familyName(family: number): 'ipv4' | 'ipv6' {
  return family === 4 ? 'ipv4' : 'ipv6'
}

function isOfThisHost(address: string): boolean {
  return Object.values(networkInterfaces()).some((list) => list?.some((entry) => entry.address === address) === true)
}
