// What can be said of the mesh when its console cannot be asked, or cannot ask its database: the control plane tells by
// itself whether it is ready; everything else counts as not ready, for nobody vouches for it.
import type { StatusOutput } from '@heddle/shared/api/index'
import type { Home } from '../home.ts'
import { AdviceError } from '../terminal/advice.ts'
import { readUp } from '../up/upFile.ts'
import { ConsoleAwayError, ConsoleError } from './errors.ts'

const PATIENCE_MS = 2_000

export interface DegradedStatus {
  status: StatusOutput
  /** What keeps the console from answering. */
  reason: string
}

/**
 * The status to tell after `error` of `status.get` at `url`. Throws `error` again where it is not about what is away:
 * a token that is not valid, or a console of which it is not known here that it should run.
 */
export async function degradedStatus(error: unknown, url: string, home: Home): Promise<DegradedStatus> {
  const up = readUp(home)
  const { origin } = new URL(url)
  const isOwn = up !== undefined && [up.consoleLocalUrl, up.consoleUrl].includes(origin)
  const isAway =
    (error instanceof ConsoleAwayError && isOwn) || (error instanceof ConsoleError && error.code === 'unavailable')
  if (!isAway || !(error instanceof AdviceError)) throw error
  const ready = isOwn && (await isControlReady(up.controlAdminPort))
  return {
    status: { configVersion: 0, control: { ready }, database: { ready: false }, proxies: [] },
    reason: error.message,
  }
}

async function isControlReady(adminPort: number | null): Promise<boolean> {
  if (adminPort === null) return false
  try {
    const answer = await fetch(`http://127.0.0.1:${adminPort}/ready`, { signal: AbortSignal.timeout(PATIENCE_MS) })
    await answer.body?.cancel()
    return answer.ok
  } catch {
    return false
  }
}
