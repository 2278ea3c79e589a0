// Processes below one that a test started, from /proc: to end just one of them, by its id.
import { readFileSync } from 'node:fs'

export interface Process {
  pid: number
  command: string
}

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // It has ended meanwhile.
  }
}

/** All descendants of a process, parents before children. */
export function descendantsOf(pid: number): Process[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).trim().split(' ').filter(Boolean).map(Number)
  return children.flatMap((child) => [
    { pid: child, command: read(`/proc/${child}/cmdline`).replaceAll('\0', ' ').trim() },
    ...descendantsOf(child),
  ])
}

export const isAlive = (pid: number): boolean => read(`/proc/${pid}/stat`) !== ''

/** Ends with SIGKILL whatever below `pid` has `words` in its command, again and again until `untilMs` (monotonic). */
export async function keepKilled(pid: number, words: string, untilMs: number): Promise<number> {
  let kills = 0
  while (performance.now() < untilMs) {
    const victim = descendantsOf(pid).find(({ command }) => command.includes(words))
    if (victim) {
      process.kill(victim.pid, 'SIGKILL')
      kills++
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return kills
}
