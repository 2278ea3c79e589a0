// Whether what came on a caller's connection is a request that is served there: from the head that the reader has
// understood to a RequestHead, which says whom was called, and for what, in the one form that is decided on. Targets and
// hosts are made canonical by route/.
import type { Refusal as Unreadable } from '../http1/refusal.ts'
import type { RequestHead as ReadHead } from '../http1/requestHead.ts'
import { canonicalTarget } from '../route/canonical.ts'
import type { HeaderList, Origin, RequestHead } from './exchange.ts'
import type { Front } from './front.ts'
import { isRefusal, type Refusal } from './refusal.ts'

/** The application is about to end: the caller may send the request to another instance. */
const ENDING: Refusal = { code: 'app_unreachable', detail: 'this instance is ending' }
const NO_CONNECT: Refusal = { code: 'protocol_unsupported', detail: 'CONNECT is not served here' }
/** As nginx: some servers take "get" for GET, and rules would not. */
const METHOD = /^[A-Z][A-Z_-]*$/
const ABSOLUTE_FORM = /^http:\/\/([^/?#]*)/i

/** What is asked, by whatever version of HTTP it came. */
export type Asked = Pick<ReadHead, 'method' | 'target' | 'host' | 'fields' | 'contentLength'> &
  Partial<Pick<ReadHead, 'upgrade'>>

export function judge(read: Asked, origin: Origin, front: Front): RequestHead | Refusal {
  if (read.method === 'CONNECT') return NO_CONNECT
  const head = decodeHead(read)
  if (isRefusal(head)) return head
  return front.connections.isDrained ? ENDING : front.admit(origin, head)
}

export function decodeHead(read: Asked): RequestHead | Refusal {
  const { method, contentLength, upgrade = null } = read
  if (!METHOD.test(method)) return malformed('the method is not in capitals')
  const target = canonicalTarget(method, read.target, hostField(read))
  if (target.malformed !== null) return malformed(target.malformed)
  if (target.form === 'asterisk')
    return { code: 'protocol_unsupported', detail: '"OPTIONS *" asks a proxy, not a service' }
  return { method, target, headers: withoutUnderscores(read.fields), contentLength, upgrade }
}

/** What the mesh answers to bytes that are no request. */
export function refusalOf({ reason, detail }: Unreadable): Refusal {
  switch (reason) {
    case 'head_too_large':
    case 'target_too_long':
      return { code: 'headers_too_large', detail }
    case 'version':
      return { code: 'protocol_unsupported', detail: 'only HTTP/1.1 and HTTP/1.0 are served here' }
    default:
      return malformed(detail)
  }
}

/** In absolute-form the target names the host, and Host is ignored, whatever it says (RFC 9112, 3.2.2). */
function hostField({ target, host }: Asked): HeaderList {
  const authority = ABSOLUTE_FORM.exec(target)?.[1] ?? host
  return authority === null ? [] : ['host', authority]
}

/** CGI and its heirs read x_role and x-role as one field: as nginx does, such names go no further. */
function withoutUnderscores(fields: HeaderList): HeaderList {
  let kept: string[] | undefined
  for (let i = 0; i < fields.length; i += 2) {
    if (fields[i]?.includes('_') === true) kept ??= fields.slice(0, i)
    else kept?.push(fields[i] ?? '', fields[i + 1] ?? '')
  }
  return kept ?? fields
}

function malformed(detail: string): Refusal {
  return { code: 'malformed', detail }
}
