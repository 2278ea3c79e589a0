// An error meant for the person at the terminal: what is wrong, and what to do about it. Shown without a stack.
import { EXIT } from './exitCodes.ts'

export class AdviceError extends Error {
  /** One or more sentences, or commands to try; shown below the message. */
  readonly advice: string | undefined
  readonly exitCode: number

  constructor(message: string, options: { advice?: string | undefined; exitCode?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.name = 'AdviceError'
    this.advice = options.advice
    this.exitCode = options.exitCode ?? EXIT.error
  }
}

/** A mistake on the command line or in the environment: exit code 64, nothing was started. */
export function usageError(message: string, advice?: string): AdviceError {
  return new AdviceError(message, { advice, exitCode: EXIT.usage })
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
