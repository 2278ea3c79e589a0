// A port that cannot be had is the user's to solve: the error names the port and the option.
import { hasCode } from '../stateFiles.ts'

/** `what`: the port's purpose; `option`: how another is chosen. */
export async function namingPort<T>(listening: Promise<T>, port: number, what: string, option: string): Promise<T> {
  try {
    return await listening
  } catch (error) {
    const reason = hasCode(error, 'EADDRINUSE')
      ? 'is already in use'
      : hasCode(error, 'EACCES')
        ? 'may not be used by this user'
        : undefined
    if (reason === undefined) throw error
    throw new Error(`Port ${port} (${what}) ${reason}. Choose another with ${option}, or end what uses it.`, {
      cause: error,
    })
  }
}
