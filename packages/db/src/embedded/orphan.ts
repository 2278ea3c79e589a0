// A server that outlived its launcher (kill -9 where the kernel could not tell it): it holds the data directory, so it
// is ended before a new one starts. Only a Postgres on exactly this directory counts as ours.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { processFacts } from './processFacts.ts'

/** Fast shutdown aborts sessions and writes a checkpoint; immediate leaves the rest to recovery. */
const FAST_SHUTDOWN_MS = 10_000
const IMMEDIATE_SHUTDOWN_MS = 5_000

async function isOurs(pid: number, data: string): Promise<boolean> {
  const facts = await processFacts(pid)
  if (facts === null) return false
  const [program = '', ...options] = facts.commandLine
  return /(?:^|\/)postgres$/.test(program) && options.includes(data)
}

async function hasEnded(pid: number, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs
  while (performance.now() < deadline) {
    if ((await processFacts(pid)) === null) return true
    await sleep(25)
  }
  return false
}

/** Ends the orphan, if there is one. The caller holds the launcher's lock: no living launcher owns that server. */
export async function endOrphan(data: string, log: (line: string) => void): Promise<void> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number(text.split('\n', 1)[0])
  // Postgres itself takes over the file of a process that has ended, and refuses where another program has its pid.
  if (!Number.isSafeInteger(pid) || pid <= 1 || !(await isOurs(pid, data))) return
  log(`Postgres (process ${pid}) was left over from an earlier run; ending it.`)
  process.kill(pid, 'SIGINT')
  if (await hasEnded(pid, FAST_SHUTDOWN_MS)) return
  process.kill(pid, 'SIGQUIT')
  if (await hasEnded(pid, IMMEDIATE_SHUTDOWN_MS)) return
  throw new Error(`Postgres of an earlier run (process ${pid}) does not end. End it, then try again.`)
}
