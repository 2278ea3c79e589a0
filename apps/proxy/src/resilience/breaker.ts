export interface BreakerSettings {
  readonly consecutiveFailures: number
  readonly minPenaltyMs: number
  readonly maxPenaltyMs: number
}
