// The machine's cores: one for the proxies, whoever they are, the others for the backend, the generator and all else.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'

/** Lists of cores as `taskset -c` takes them. */
export interface Cores {
  proxies: string
  rest: string
}

/** null: with one core there is nothing to choose. */
export function coresOf(cpus: number): Cores | null {
  if (cpus < 2) return null
  return { proxies: `${cpus - 1}`, rest: cpus === 2 ? '0' : `0-${cpus - 2}` }
}

/** Why this machine cannot run the bench, a sentence each. */
export function missingOfMachine(): string[] {
  const has = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
  return [
    ...(existsSync('/proc/self/schedstat') ? [] : ['It reads the CPU time of processes from /proc: Linux is needed.']),
    ...(has('wrk') ? [] : ['wrk is needed, the load generator (Debian package: wrk).']),
    ...(has('taskset') ? [] : ['taskset is needed, to pin processes to cores (Debian package: util-linux).']),
  ]
}

/** Moves this process to the cores that are not the proxies'; what it starts inherits them. null: there is one core. */
export function pinOurselves(): Cores | null {
  const cores = coresOf(availableParallelism())
  if (cores !== null) {
    const { status, stderr } = spawnSync('taskset', ['-a', '-c', '-p', cores.rest, `${process.pid}`])
    if (status !== 0) throw new Error(`taskset could not pin the bench to core ${cores.rest}: ${stderr}`)
  }
  return cores
}

/** The command line that runs another one on some cores; without cores to choose, itself. */
export const pinned = (cores: string | undefined, command: readonly string[]): string[] =>
  cores === undefined ? [...command] : ['taskset', '-c', cores, ...command]
