// Time as an argument: everything that decides by time gets a clock, so that tests can turn it.

export interface Clock {
  /** Milliseconds since the epoch; may jump when somebody sets the machine's clock. */
  now(): number
  /** Milliseconds from an arbitrary start; never goes back. Durations and deadlines use this one. */
  monotonic(): number
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
}
