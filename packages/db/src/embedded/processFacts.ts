// Whether a process id still means the process that it meant: pids are used again, so a start time goes with each.
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

export interface ProcessFacts {
  /** Opaque; differs between two processes that had the same pid. */
  startedAt: string
  commandLine: string[]
}

async function fromProc(pid: number): Promise<ProcessFacts> {
  const [status, commandLine] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8'),
    readFile(`/proc/${pid}/cmdline`, 'utf8'),
  ])
  // The second field, the name, may hold spaces and parentheses: count from behind its end (proc(5)).
  const fields = status.slice(status.lastIndexOf(')') + 2).split(' ')
  if (fields[0] === 'Z') throw new Error('it has ended')
  return { startedAt: fields[19] ?? '', commandLine: commandLine.split('\0').slice(0, -1) }
}

async function fromPs(pid: number): Promise<ProcessFacts> {
  const ps = promisify(execFile)
  const [started, command] = await Promise.all(
    ['lstart=', 'command='].map(async (field) => (await ps('ps', ['-o', field, '-p', String(pid)])).stdout.trim()),
  )
  return { startedAt: started ?? '', commandLine: (command ?? '').split(' ') }
}

/** null: there is no such process (any more). */
export async function processFacts(pid: number): Promise<ProcessFacts | null> {
  try {
    return await (process.platform === 'linux' ? fromProc(pid) : fromPs(pid))
  } catch {
    return null
  }
}
