// A call of our application to a host outside the mesh: passed through as far as the settings allow, and counted as
// `egress`. No routes, no identity, no retries but where a connection was dead: the mesh knows nothing of what is there.
import { EGRESS_DESTINATION } from '@heddle/shared/names'
import type { Egress } from '../forward/egress.ts'
import type { Failure } from '../forward/upstream.ts'
import type { Log } from '../interfaces.ts'
import type { Call } from './call.ts'
import { DirectDelivery, type DirectDeliveryParts } from './directDelivery.ts'
import { toOutside } from './headers.ts'
import { keepBody } from './replayBody.ts'
import { withTrace } from './trace.ts'

const HTTP_PORT = 80

export interface EgressParts extends DirectDeliveryParts {
  egress: Egress
  log: Log
}

export function serveEgress(host: string, call: Call, parts: EgressParts) {
  const { head } = call.exchange
  const port = head.target.port ?? HTTP_PORT
  const place = `${host}:${port}`
  call.describe({ destination: EGRESS_DESTINATION, upstream: place })
  if (!parts.egress.isAllowed(host, port)) return call.refuse('egress_denied', place)

  const request = {
    method: head.method,
    target: head.target.pathAndQuery,
    authority: port === HTTP_PORT ? host : place,
    headers: withTrace(toOutside(head.headers), call.trace),
    body: null,
    contentLength: head.contentLength,
    upgrade: head.upgrade,
  }
  const parcel = {
    upstream: parts.egress.at(host, port),
    request,
    // It is read once only: what a stranger did with the first half of it nobody knows.
    body: keepBody(call, 0),
    refuse: ({ code, cause }: Failure) => {
      parts.log.warn('egress failed', { host, port, cause: cause.message })
      call.refuse(code, place)
    },
  }
  new DirectDelivery(call, parcel, parts).begin()
}
