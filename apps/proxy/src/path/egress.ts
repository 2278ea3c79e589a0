// A call of our application to a host outside the mesh: passed through as far as the settings allow, and counted as
// `egress`. No routes, no identity, no retries but where a connection was dead: the mesh knows nothing of what is there.
import { EGRESS_DESTINATION } from '@heddle/shared/names'
import type { Egress } from '../forward/egress.ts'
import type { Log } from '../interfaces.ts'
import type { Call } from './call.ts'
import { answerHeaders, hintHeaders, toOutside } from './headers.ts'
import { sendOrRepeat } from './repeat.ts'
import { keepBody } from './replayBody.ts'
import { withTrace } from './trace.ts'

const HTTP_PORT = 80

export interface EgressParts {
  egress: Egress
  log: Log
}

export async function serveEgress(host: string, call: Call, parts: EgressParts): Promise<void> {
  const { exchange } = call
  const { head } = exchange
  const port = head.target.port ?? HTTP_PORT
  call.describe({ destination: EGRESS_DESTINATION, upstream: `${host}:${port}` })
  if (!parts.egress.isAllowed(host, port)) return call.refuse('egress_denied', `${host}:${port}`)

  // The body is read once only: what a stranger did with the first half of it nobody knows.
  const body = keepBody(call, 0)
  const request = {
    method: head.method,
    target: head.target.pathAndQuery,
    authority: port === HTTP_PORT ? host : `${host}:${port}`,
    headers: withTrace(toOutside(head.headers), call.trace),
    contentLength: head.contentLength,
    upgrade: head.upgrade,
  }
  const upstream = parts.egress.at(host, port)
  const outcome = await sendOrRepeat(call, body, (stream) =>
    upstream.send({ ...request, body: stream }, (status, headers) => exchange.inform(status, hintHeaders(headers))),
  )
  if (outcome.kind === 'failed') {
    parts.log.warn('egress failed', { host, port, cause: outcome.cause.message })
    return call.refuse(outcome.code, `${host}:${port}`)
  }
  if (outcome.kind === 'switched') return call.switch(outcome, head.upgrade ?? '')
  call.answer(outcome, answerHeaders(outcome.headers, outcome.status, false), null, null)
}
