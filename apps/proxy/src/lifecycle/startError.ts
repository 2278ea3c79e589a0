// Why a proxy does not start: a sentence that says what to do, and the exit code of sysexits.h that fits.

/** Exit codes of the proxy, after sysexits.h. */
export const EXIT = {
  ok: 0,
  /** A defect, or something that nobody foresaw. */
  failure: 1,
  /** Wrong options or environment. */
  usage: 64,
  /** No control plane answered, and nothing on disk to start from. */
  unavailable: 69,
  /** The state directory cannot be written. */
  cannotCreate: 73,
  /** Somebody else holds what is needed: a port or the instance's name. */
  busy: 75,
  /** The control plane cannot be believed: another root, another identity, a clock that is wrong. */
  untrusted: 76,
  /** The join token or the certificate was refused. */
  refused: 77,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

export class StartError extends Error {
  readonly exitCode: ExitCode

  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StartError'
    this.exitCode = exitCode
  }
}

/** The `code` of a system error (`EADDRINUSE`, `ENOSPC`), or undefined. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The `port` of a system error such as EADDRINUSE, or undefined. */
export function portOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('port' in error)) return undefined
  return typeof error.port === 'number' ? error.port : undefined
}
