// What a failed call says to the reader: one sentence and the request id. Reads what the API put into `data.heddle`.
import type { Change } from '@heddle/shared/api/index'

/** Of our own API, whose shape its server checks: a page need not load a validator for it. */
export interface FailureData {
  code: string
  requestId: string
  /** stale: what is stored now. */
  current?: unknown
  /** stale and conflict: the other person's change. */
  change?: Change
}

function isFailureData(value: unknown): value is FailureData {
  if (typeof value !== 'object' || value === null || !('code' in value) || !('requestId' in value)) return false
  return typeof value.code === 'string' && typeof value.requestId === 'string'
}

export interface Failure {
  /** `offline` where no answer of the API came. */
  code: string
  message: string
  requestId: string | null
  data: FailureData | null
}

export function describeFailure(error: unknown): Failure {
  if (typeof error === 'object' && error !== null && 'data' in error) {
    const { data } = error
    if (typeof data === 'object' && data !== null && 'heddle' in data) {
      const { heddle } = data
      const message = error instanceof Error ? error.message : 'Something went wrong.'
      if (isFailureData(heddle)) return { code: heddle.code, message, requestId: heddle.requestId, data: heddle }
    }
  }
  return {
    code: 'offline',
    message: 'The console did not answer. It may be restarting, or the network is away.',
    requestId: null,
    data: null,
  }
}
