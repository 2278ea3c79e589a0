export interface BudgetSettings {
  readonly percent: number
  readonly minPerSecond: number
  readonly windowMs: number
}
/** Per proxy and destination. Times are `Clock.monotonic`, milliseconds. */
export class RetryBudget {
  constructor(settings: BudgetSettings, nowMs: number) {
    throw new Error(`pending ${settings.percent} ${nowMs}`)
  }
  configure(settings: BudgetSettings, nowMs: number): void {
    throw new Error(`pending ${settings.percent} ${nowMs}`)
  }
  /** Once for each request (not for its repeats). */
  countRequest(nowMs: number): void {
    throw new Error(`pending ${nowMs}`)
  }
  /** Takes one repeat out of the budget, or says no. */
  takeRetry(nowMs: number): boolean {
    throw new Error(`pending ${nowMs}`)
  }
}
