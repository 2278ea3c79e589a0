// Where there is no other place to choose and no policy repeats a request, one case is left: the connection was dead when
// it was taken, so that the other side cannot have acted.
import type { Failure } from '../forward/upstream.ts'
import { isIdempotent } from '../resilience/idempotent.ts'

export interface SentOnce {
  readonly method: string
  /** `lost`: more of it came than is kept, and it cannot be sent again. */
  readonly body: 'none' | 'kept' | 'lost'
}

/** Whether it may go over another connection. Asked of a first attempt only: the next one fails for another reason. */
export function mayGoAgain({ end, wasConnected }: Failure, { method, body }: SentOnce): boolean {
  if (body === 'lost') return false
  if (end === 'not_sent') return wasConnected
  return end === 'stale_connection' && body === 'none' && isIdempotent(method)
}
