// Sending where there is no other place to choose: to the application beside us, to a host outside. No policy repeats such
// a request; only a connection that was dead when it was taken costs nobody anything.
import type { Failure, Outcome, RequestBody, Sending } from '../forward/upstream.ts'
import { isIdempotent } from '../resilience/idempotent.ts'
import type { Call } from './call.ts'
import type { ReplayBody } from './replayBody.ts'

/** Once more where a connection that had been idle turned out to be dead, and the other side cannot have acted. */
export async function sendOrRepeat(
  call: Call,
  body: ReplayBody | null,
  send: (body: RequestBody | null) => Sending,
): Promise<Outcome> {
  for (let isRepeat = false; ; isRepeat = true) {
    const sending = send(body?.open() ?? null)
    call.breaksOff(sending)
    const outcome = await sending.outcome
    if (outcome.kind !== 'failed' || isRepeat || call.isOver || body?.isLost === true) return outcome
    if (!mayRepeat(outcome, call.exchange.head.method, body !== null)) return outcome
  }
}

function mayRepeat({ end, wasConnected }: Failure, method: string, hasBody: boolean): boolean {
  if (end === 'not_sent') return wasConnected
  return end === 'stale_connection' && !hasBody && isIdempotent(method)
}
