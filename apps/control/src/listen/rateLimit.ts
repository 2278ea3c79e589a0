// Token buckets: how much of something one side may do. Pure; time comes in.

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

/** Wrong tokens per address: a bounded number of addresses, oldest out. */
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
