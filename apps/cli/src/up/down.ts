// `heddle down`: asks the `heddle up` of this HEDDLE_HOME to end, and waits until it has.
import type { Home } from '../home.ts'
import { sleep } from '../supervise/supervisor.ts'
import { AdviceError } from '../terminal/advice.ts'
import type { Terminal } from '../terminal/print.ts'
import { isSameProcess } from './processId.ts'
import { readUp } from './upFile.ts'

/** Draining, then each part's own grace. */
const PATIENCE_MS = 90_000
const POLL_MS = 100

function askToEnd(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    // It has ended meanwhile.
    if (code === 'ESRCH') return
    if (code !== 'EPERM') throw error
    throw new AdviceError(`"heddle up" (process ${pid}) belongs to another user.`, {
      advice: 'End it as that user, or set HEDDLE_HOME to your own.',
      cause: error,
    })
  }
}

export async function down(home: Home, { out, note }: Terminal): Promise<void> {
  const state = readUp(home)
  if (state === undefined) {
    out(`Nothing runs with HEDDLE_HOME ${home.directory}.`)
    return
  }
  const { pid } = state.process
  note(`ending "heddle up" (process ${pid})`)
  askToEnd(pid)
  const signal = new AbortController().signal
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += POLL_MS) {
    if (!isSameProcess(state.process)) {
      out('Heddle is down.')
      return
    }
    await sleep(POLL_MS, signal)
  }
  throw new AdviceError(`process ${pid} has not ended within ${PATIENCE_MS / 1000} s.`, {
    advice: `Its log files are in ${home.logDirectory}. "kill -9 ${pid}" ends it; its children notice and end too.`,
  })
}
