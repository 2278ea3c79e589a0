// Where the console is and what opens it: from options, the environment, or the `heddle up` of this machine.
import { isLoopback } from '@heddle/shared/loopback'
import type { Environment } from '../environment.ts'
import { type Home, readIfThere } from '../home.ts'
import { AdviceError } from '../terminal/advice.ts'
import { EXIT } from '../terminal/exitCodes.ts'
import { readUp } from '../up/upFile.ts'

export interface ConsoleConnection {
  /** Origin, e.g. `http://localhost:3000`. */
  url: string
  token: string
}

const DEFAULT_CONSOLE_URL = 'http://localhost:3000'

/** Throws advice where no token can be found. That the console answers is not checked here. */
export function findConsole(environment: Environment, home: Home): ConsoleConnection {
  const up = readUp(home)
  if (environment.consoleUrl === undefined && up !== undefined && up.consoleLocalUrl === null)
    throw new AdviceError('"heddle up" is still starting here.', { advice: 'Try again when it says that it is up.' })
  const ownUrl = up?.consoleLocalUrl
  const url = environment.consoleUrl ?? ownUrl ?? DEFAULT_CONSOLE_URL
  // This machine's token is for the console of the `up` that runs here, or for the address on this machine that the
  // user names: never for one elsewhere, and never for whoever listens on the default port while no `up` runs.
  const isOwn = url === ownUrl || (environment.consoleUrl !== undefined && isOnThisMachine(url))
  const token = environment.apiToken ?? (isOwn ? readIfThere(home.adminTokenFile)?.trim() : undefined)
  if (token !== undefined) return { url, token }
  throw new AdviceError(
    environment.consoleUrl === undefined
      ? `no console is known: nothing runs with HEDDLE_HOME ${home.directory}.`
      : `no token for the console at ${url}.`,
    {
      advice:
        'Start one here with "heddle up", or set HEDDLE_URL and HEDDLE_TOKEN to reach one elsewhere (an admin makes tokens).',
      exitCode: EXIT.error,
    },
  )
}

function isOnThisMachine(url: string): boolean {
  return isLoopback(new URL(url).hostname.replace(/^\[|\]$/g, ''))
}
