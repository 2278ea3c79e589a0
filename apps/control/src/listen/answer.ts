// JSON in and out over the control plane's HTTP side. A refusal is `{error, message}`: a code for programs and a
// sentence for people.
import type { IncomingMessage, ServerResponse } from 'node:http'

/** Larger than any request that makes sense here: a token and a certificate request. */
export const MAX_BODY_BYTES = 32 * 1024

/** Thrown by a handler: answered as a refusal. */
export class Refusal extends Error {
  readonly status: number
  readonly code: string
  readonly retryAfterMs: number | undefined
  constructor(status: number, code: string, message: string, retryAfterMs?: number) {
    super(message)
    this.name = 'Refusal'
    this.status = status
    this.code = code
    this.retryAfterMs = retryAfterMs
  }
}

export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    // Requests here are rare: no connection is worth keeping.
    connection: 'close',
  })
  response.end(text)
}

export function answerRefusal(response: ServerResponse, refusal: Refusal): void {
  if (refusal.retryAfterMs !== undefined)
    response.setHeader('retry-after', String(Math.max(1, Math.ceil(refusal.retryAfterMs / 1_000))))
  answerJson(response, refusal.status, { error: refusal.code, message: refusal.message })
}

/** The body as JSON; a Refusal where it is too large or not JSON. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    const buffer: Buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk))
    bytes += buffer.length
    if (bytes > MAX_BODY_BYTES)
      throw new Refusal(413, 'too_large', `The body is larger than ${MAX_BODY_BYTES / 1024} KiB.`)
    chunks.push(buffer)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    throw new Refusal(400, 'malformed', 'The body is not JSON.')
  }
}
