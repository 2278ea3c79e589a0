// The app's process group, which this proxy ends only when the process that should do it has vanished.
import { setTimeout as sleep } from 'node:timers/promises'
import { errorCode } from './startError.ts'

const POLL_MS = 50

/** Whether a process of the group is alive. */
export function isGroupAlive(group: number): boolean {
  return signal(group, 0)
}

/** SIGTERM, and SIGKILL for what is left after `graceMs`. Resolves when the group is gone. */
export async function endGroup(group: number, graceMs: number): Promise<void> {
  if (!signal(group, 'SIGTERM')) return
  if (await groupGone(group, graceMs)) return
  signal(group, 'SIGKILL')
}

/** Waits until the group is gone; false after `timeoutMs`. */
export async function groupGone(group: number, timeoutMs: number): Promise<boolean> {
  for (let waited = 0; waited < timeoutMs; waited += POLL_MS) {
    if (!isGroupAlive(group)) return true
    await sleep(POLL_MS)
  }
  return !isGroupAlive(group)
}

function signal(group: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-group, name)
    return true
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}
