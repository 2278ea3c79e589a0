// Exit codes of the command, documented in docs/cli.md. `heddle run` ends with the code of the command it started.
import { constants } from 'node:os'

export const EXIT = {
  ok: 0,
  /** It did not work; the message says why and what to do. */
  error: 1,
  /** It works, but something is degraded (`heddle status`). */
  degraded: 2,
  /** The command line or the environment is wrong (EX_USAGE of sysexits.h). Nothing was started or changed. */
  usage: 64,
  /** CMD was found but could not be executed, as shells say it. */
  notExecutable: 126,
  /** CMD was not found, as shells say it. */
  notFound: 127,
} as const

/** How a child ended, as `child_process` tells it. */
export interface Exit {
  code: number | null
  signal: NodeJS.Signals | null
}

/** The exit code that a shell would show: the code itself, or 128 + the signal's number. */
export function exitCodeOf({ code, signal }: Exit): number {
  if (signal !== null) return 128 + constants.signals[signal]
  return code ?? EXIT.error
}

export function describeExit({ code, signal }: Exit): string {
  return signal === null ? `exit code ${code}` : `signal ${signal}`
}
