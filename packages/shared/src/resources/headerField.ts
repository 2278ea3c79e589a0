// Header fields that a route may write: only what every hop can put on the wire, and nothing that is the hop's own.
import { z } from 'zod'

/** A field name of RFC 9110, 5.1; compared without case. */
export const headerNameSchema = z
  .string()
  .max(256)
  .regex(/^[A-Za-z0-9!#$%&'*+\-.^_`|~]+$/, 'must be an HTTP header name')

/**
 * What frames a message, addresses it or asks something of the next hop, and what proxies tell each other, in lower case.
 * It belongs to the forwarder: an edit of these could make two readings of one message, or none that can be sent, hide a
 * loop, or pass for the mesh's own answer or a caller's identity.
 */
export const UNEDITABLE_HEADERS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-forwarded-client-cert',
  'x-heddle-error',
  'x-heddle-hops',
])

export const editableHeaderNameSchema = headerNameSchema.refine((name) => !UNEDITABLE_HEADERS.has(name.toLowerCase()), {
  error: ({ input }) => `${String(input)} is the proxy's own to write: a route cannot set, add or remove it`,
})

/** A field value as HTTP carries it (RFC 9110, 5.5): bytes; 0x80 to 0xff are written as the characters of Latin-1. */
export const sendableHeaderValueSchema = z
  .string()
  .max(4096)
  .regex(
    /^[\t\x20-\x7e\x80-\xff]*$/,
    'must be characters that a header can carry: no line breaks or control characters, and nothing beyond U+00FF',
  )
