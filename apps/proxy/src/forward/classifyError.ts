// The only place where an error of a socket, of TLS or of HTTP becomes a code of the mesh's table.
import type { MeshErrorCode } from '@heddle/shared/errors'
import type { Failure } from './upstream.ts'

/** What forward/ itself finds wrong while it connects. */
export class DialError extends Error {
  readonly code: 'HEDDLE_CONNECT' | 'HEDDLE_TLS' | 'HEDDLE_EGRESS'
  constructor(code: DialError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'DialError'
    this.code = code
  }
}

/** How far a request had come when it failed. */
export interface Progress {
  /** A connection was there. */
  isConnected: boolean
  /** It had carried a request before, or had lain idle. */
  isReused: boolean
  hasSentBytes: boolean
  hasAnswerBytes: boolean
}

/** `app`: the connection goes to the application beside us; its absence has a code of its own. */
export function classifyError(error: Error, progress: Progress, to: 'mesh' | 'app' | 'egress'): Failure {
  return {
    kind: 'failed',
    code: codeOf(error, progress, to),
    end: endOf(error, progress),
    wasConnected: progress.isConnected,
    cause: error,
  }
}

/** The place itself is not to blame: it works, and takes no more for now. */
export function overloaded(reason: string, wasConnected: boolean): Failure {
  return { kind: 'failed', code: 'overloaded', end: 'not_sent', wasConnected, cause: new Error(reason) }
}

function codeOf(error: Error, progress: Progress, to: 'mesh' | 'app' | 'egress'): MeshErrorCode {
  const code = errorCode(error)
  if (code === 'HEDDLE_EGRESS') return 'egress_denied'
  if (code === 'HEDDLE_TLS' || isTlsRefusal(code)) return 'tls_failed'
  if (!progress.isConnected || code === 'HEDDLE_CONNECT') return to === 'app' ? 'app_unreachable' : 'connect_failed'
  return 'protocol_error'
}

function endOf(error: Error, progress: Progress): Failure['end'] {
  if (!progress.isConnected || !progress.hasSentBytes) return 'not_sent'
  // The client of TLS 1.3 may write before the server has judged its certificate: an alert on a new connection means
  // that nothing was read (RFC 8446, 4.4.2.4 and 6.2).
  if (!progress.isReused && !progress.hasAnswerBytes && isTlsRefusal(errorCode(error))) return 'not_sent'
  return progress.isReused && !progress.hasAnswerBytes ? 'stale_connection' : 'no_answer'
}

/** OpenSSL's and node:tls' errors; sockets' own (ECONNRESET, EPIPE) are not among them. */
function isTlsRefusal(code: string): boolean {
  return code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') || /^(?:CERT|UNABLE|DEPTH|SELF)_/.test(code)
}

function errorCode(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}
