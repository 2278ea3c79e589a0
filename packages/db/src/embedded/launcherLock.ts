// One launcher per directory: two `heddle up` at once must not both make or start the server.
// The lock is a file that names its holder; a holder that died without releasing it does not count.
import { readFile, rm, writeFile } from 'node:fs/promises'
import { processFacts } from './processFacts.ts'

interface Holder {
  pid: number
  startedAt: string
}

function parseHolder(text: string): Holder | null {
  const [pid = '', startedAt = ''] = text.trim().split(' ', 2)
  return /^\d+$/.test(pid) && startedAt !== '' ? { pid: Number(pid), startedAt } : null
}

async function liveHolder(path: string): Promise<Holder | null> {
  const holder = parseHolder(await readFile(path, 'utf8').catch(() => ''))
  if (holder === null) return null
  const facts = await processFacts(holder.pid)
  return facts?.startedAt.replaceAll(' ', '_') === holder.startedAt ? holder : null
}

/** Whether a process that lives holds it. */
export async function isLocked(path: string): Promise<boolean> {
  return (await liveHolder(path)) !== null
}

/** Throws where another live process holds it. Dispose to release. */
export async function lockLauncher(path: string): Promise<AsyncDisposable> {
  const own = await processFacts(process.pid)
  const text = `${process.pid} ${own?.startedAt.replaceAll(' ', '_') ?? 'unknown'}\n`
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      await writeFile(path, text, { flag: 'wx', mode: 0o600 })
      return {
        async [Symbol.asyncDispose]() {
          if ((await readFile(path, 'utf8').catch(() => '')) === text) await rm(path, { force: true })
        },
      }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
    const holder = await liveHolder(path)
    if (holder !== null) {
      throw new Error(
        `The embedded Postgres of this directory belongs to process ${holder.pid}, which is running. ` +
          'End it first ("heddle down"), or use another HEDDLE_HOME.',
      )
    }
    await rm(path, { force: true })
  }
  throw new Error(`Cannot take the lock ${path}: other processes keep taking it.`)
}
