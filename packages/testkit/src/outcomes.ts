// What a row of metrics counts when nothing has happened: tests say what did.

/** As `Outcomes` in packages/shared, which this package does not know: the compiler compares them where rows are made. */
export const NO_OUTCOMES = Object.freeze({
  requests: 0,
  ok: 0,
  clientError: 0,
  serverError: 0,
  meshErrors: {},
  denied: 0,
  limited: 0,
  cancelled: 0,
  recovered: 0,
  retriesMade: 0,
  retriesSkipped: {},
  bytesIn: 0,
  bytesOut: 0,
  latency: { index: [] as number[], count: [] as number[] },
})
