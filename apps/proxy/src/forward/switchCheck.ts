// Whether a 101 is the one that was asked for.
import { createHash } from 'node:crypto'
import type { HeaderList } from '../listen/exchange.ts'
import type { OutgoingRequest } from './upstream.ts'

/** RFC 6455, 1.3. */
const WEBSOCKET_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** Why not, in words (RFC 9110, 7.8; RFC 6455, 4.1); undefined where it is. Names in `headers` are in lower case. */
export function wrongSwitch(request: OutgoingRequest, headers: HeaderList): string | undefined {
  const upgrade = fieldOf(headers, 'upgrade') ?? ''
  if (request.upgrade === null || upgrade.toLowerCase() !== request.upgrade.toLowerCase())
    return `101 switches to "${upgrade}", which was not asked for`
  const key = fieldOf(request.headers, 'sec-websocket-key')
  if (request.upgrade.toLowerCase() !== 'websocket' || key === undefined) return undefined
  const accept = createHash('sha1').update(`${key}${WEBSOCKET_GUID}`).digest('base64')
  return fieldOf(headers, 'sec-websocket-accept') === accept ? undefined : '101 with a wrong Sec-WebSocket-Accept'
}

function fieldOf(headers: HeaderList, name: string): string | undefined {
  for (let i = 0; i < headers.length; i += 2) if (headers[i] === name) return headers[i + 1]
  return undefined
}
