export interface LimitSettings {
  readonly requestsPerSecond: number | null
  readonly perCaller: number | null
}
/** Limits of one instance. `share` in (0, 1]: this worker's part. */
export class RateLimiter {
  constructor(settings: LimitSettings, share: number) {
    throw new Error(`pending ${settings.perCaller} ${share}`)
  }
  configure(settings: LimitSettings, share: number): void {
    throw new Error(`pending ${settings.perCaller} ${share}`)
  }
  /** null: may pass; else which limit is reached. `caller` is the identity's service, or null for public. */
  take(caller: string | null, nowMs: number): 'total' | 'caller' | null {
    throw new Error(`pending ${caller} ${nowMs}`)
  }
}
