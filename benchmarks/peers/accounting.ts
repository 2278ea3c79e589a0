// What processes have used, by the kernel's own books.
import { readdirSync, readFileSync } from 'node:fs'

export interface Memory {
  /** Megabytes (2^20) resident, shared pages counted in full. */
  rssMb: number
  /** The same with each shared page divided among those who share it: what the process really adds. */
  pssMb: number
}

/** Nanoseconds on a processor, user and system together: the first number of a schedstat. */
export function runTimeOf(schedstat: string): number {
  return Number(schedstat.split(' ', 1)[0])
}

/** From smaps_rollup. */
export function memoryOf(rollup: string): Memory {
  const megabytes = (name: string): number => {
    const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(rollup)?.[1]
    return kilobytes === undefined ? Number.NaN : Number(kilobytes) / 1_024
  }
  return { rssMb: megabytes('Rss'), pssMb: megabytes('Pss') }
}

/** Microseconds that all threads of these processes have used so far. One that is gone counts nothing. */
export function cpuMicros(pids: readonly number[]): number {
  let nanoseconds = 0
  for (const pid of pids)
    for (const thread of threadsOf(pid)) nanoseconds += runTimeOf(readOr(`/proc/${pid}/task/${thread}/schedstat`, '0'))
  return nanoseconds / 1_000
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch {
    return []
  }
}

function readOr(path: string, without: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return without
  }
}

/** Of all of these processes together. */
export function readMemory(pids: readonly number[]): Memory {
  return pids
    .map((pid) => memoryOf(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')))
    .reduce((sum, { rssMb, pssMb }) => ({ rssMb: sum.rssMb + rssMb, pssMb: sum.pssMb + pssMb }), {
      rssMb: 0,
      pssMb: 0,
    })
}
