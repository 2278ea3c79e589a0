// The rate limits of one instance: token buckets, one for all callers together and one for each of them. A bucket holds
// what one second brings, at least one request.

export interface LimitSettings {
  /** null: unlimited. */
  readonly requestsPerSecond: number | null
  readonly perCaller: number | null
}

/** Callers are identities of the mesh, so they are few; beyond this many, those that are new share one bucket. */
const MAX_CALLERS = 1_000
/** A bucket that nobody took from for this long is full and can be forgotten. */
const REFILL_MS = 1_000

class TokenBucket {
  #tokens: number
  #updatedMs: number

  constructor(ratePerSecond: number, nowMs: number) {
    this.#tokens = Math.max(1, ratePerSecond)
    this.#updatedMs = nowMs
  }

  get updatedMs(): number {
    return this.#updatedMs
  }

  hasToken(ratePerSecond: number, nowMs: number): boolean {
    if (nowMs > this.#updatedMs) {
      const gained = ((nowMs - this.#updatedMs) * ratePerSecond) / 1_000
      this.#tokens = Math.min(Math.max(1, ratePerSecond), this.#tokens + gained)
      this.#updatedMs = nowMs
    }
    return this.#tokens >= 1
  }

  take(): void {
    this.#tokens--
  }
}

/** Times are `Clock.monotonic`, milliseconds. */
export class RateLimiter {
  #total: number | null
  #perCaller: number | null
  #totalBucket: TokenBucket | null = null
  /** By caller; null is whoever comes through the public port. */
  readonly #callers = new Map<string | null, TokenBucket>()
  #overflow: TokenBucket | null = null
  #sweptMs = Number.NEGATIVE_INFINITY

  /** `share` in (0, 1]: the part of the instance's limit that this worker may give out. */
  constructor(settings: LimitSettings, share: number) {
    this.#total = part(settings.requestsPerSecond, share)
    this.#perCaller = part(settings.perCaller, share)
  }

  /** Buckets keep what is in them; a lower limit holds at once, a higher one fills up from there. */
  configure(settings: LimitSettings, share: number): void {
    this.#total = part(settings.requestsPerSecond, share)
    this.#perCaller = part(settings.perCaller, share)
    if (this.#total === null) this.#totalBucket = null
    if (this.#perCaller === null) {
      this.#callers.clear()
      this.#overflow = null
    }
  }

  /** Callers that are remembered. */
  get size(): number {
    return this.#callers.size
  }

  /** null: may pass, and is counted; else which limit is reached, and nothing is taken. `caller` null: public. */
  take(caller: string | null, nowMs: number): 'total' | 'caller' | null {
    const own = this.#perCaller === null ? null : this.#bucketOf(caller, this.#perCaller, nowMs)
    if (own !== null && this.#perCaller !== null && !own.hasToken(this.#perCaller, nowMs)) return 'caller'
    if (this.#total !== null) {
      this.#totalBucket ??= new TokenBucket(this.#total, nowMs)
      if (!this.#totalBucket.hasToken(this.#total, nowMs)) return 'total'
      this.#totalBucket.take()
    }
    own?.take()
    return null
  }

  #bucketOf(caller: string | null, ratePerSecond: number, nowMs: number): TokenBucket {
    const known = this.#callers.get(caller)
    if (known !== undefined) return known
    if (this.#callers.size >= MAX_CALLERS) this.#forgetFull(ratePerSecond, nowMs)
    if (this.#callers.size >= MAX_CALLERS) {
      this.#overflow ??= new TokenBucket(ratePerSecond, nowMs)
      return this.#overflow
    }
    const bucket = new TokenBucket(ratePerSecond, nowMs)
    this.#callers.set(caller, bucket)
    return bucket
  }

  /** At most once a second, so that strangers cannot make each request cost a walk over all callers. */
  #forgetFull(ratePerSecond: number, nowMs: number): void {
    if (nowMs - this.#sweptMs < REFILL_MS) return
    this.#sweptMs = nowMs
    const refillMs = Math.max(REFILL_MS, REFILL_MS / ratePerSecond)
    for (const [caller, bucket] of this.#callers) if (nowMs - bucket.updatedMs >= refillMs) this.#callers.delete(caller)
  }
}

function part(limit: number | null, share: number): number | null {
  return limit === null ? null : limit * share
}
