// What a failed call says to the reader: one sentence and the request id. Reads what the API put into `data.heddle`.
import { changeSchema } from '@heddle/shared/api/index'
import { z } from 'zod'

// The server's own schema lives beside tRPC's server code, which a browser need not load.
const dataSchema = z.object({
  code: z.string(),
  requestId: z.string(),
  /** stale: what is stored now. */
  current: z.unknown().optional(),
  /** stale and conflict: the other person's change. */
  change: changeSchema.optional(),
})
export type FailureData = z.infer<typeof dataSchema>

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
      const parsed = dataSchema.safeParse(data.heddle)
      const message = error instanceof Error ? error.message : 'Something went wrong.'
      if (parsed.success)
        return { code: parsed.data.code, message, requestId: parsed.data.requestId, data: parsed.data }
    }
  }
  return {
    code: 'offline',
    message: 'The console did not answer. It may be restarting, or the network is away.',
    requestId: null,
    data: null,
  }
}
