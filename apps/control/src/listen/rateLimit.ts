// Token buckets: how much of something one side may do. Pure; time comes in.
import { isIPv6 } from 'node:net'

export class TokenBucket {
  readonly #perSecond: number
  readonly #burst: number
  #tokens: number
  #at: number

  /** `now`: milliseconds of a clock that never goes back, as in `take`. */
  constructor(perSecond: number, burst: number, now: number) {
    this.#perSecond = perSecond
    this.#burst = burst
    this.#tokens = burst
    this.#at = now
  }

  /** Takes `amount` if it is there. */
  take(amount: number, now: number): boolean {
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#at) / 1_000) * this.#perSecond)
    this.#at = now
    if (this.#tokens < amount) return false
    this.#tokens -= amount
    return true
  }

  /** Milliseconds until `amount` will be there. */
  waitMs(amount: number): number {
    return Math.max(0, ((amount - this.#tokens) / this.#perSecond) * 1_000)
  }
}

/**
 * Whose attempts are counted together: an IPv4 address, or the /64 of an IPv6 one, which is what one machine has at its
 * disposal.
 */
export function limitKey(address: string): string {
  const [bare = ''] = address.split('%')
  if (!isIPv6(bare)) return address
  const [head = '', tail] = bare.split('::')
  const groups = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  if (tail !== undefined)
    groups.push(...Array<string>(Math.max(0, 8 - groups.length - after.length)).fill('0'), ...after)
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}

/** Failed attempts per key: a bounded number of keys, oldest out. */
export class FailureLimit {
  readonly #buckets = new Map<string, TokenBucket>()
  readonly #perMinute: number
  readonly #maxAddresses: number

  constructor(perMinute: number, maxAddresses = 10_000) {
    this.#perMinute = perMinute
    this.#maxAddresses = maxAddresses
  }

  /** Milliseconds for which the address must wait before it may try again; 0: it may. */
  waitMs(address: string, now: number): number {
    const bucket = this.#buckets.get(address)
    if (bucket === undefined || bucket.take(0, now) === false) return 0
    return bucket.waitMs(1)
  }

  failed(address: string, now: number): void {
    let bucket = this.#buckets.get(address)
    if (bucket === undefined) bucket = new TokenBucket(this.#perMinute / 60, this.#perMinute, now)
    this.#buckets.delete(address)
    this.#buckets.set(address, bucket)
    bucket.take(1, now)
    const [oldest] = this.#buckets.keys()
    if (this.#buckets.size > this.#maxAddresses && oldest !== undefined) this.#buckets.delete(oldest)
  }
}
