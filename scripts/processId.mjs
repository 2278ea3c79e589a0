// A process named so that it cannot be mistaken for a later one with the same number. Runs on any Node.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** When the process began, in a form that two calls agree on; undefined where there is none (zombies included). */
export function beginningOf(pid) {
  try {
    if (process.platform !== 'linux') {
      const began = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim()
      return began === '' ? undefined : began
    }
    // Fields after the name, which is in brackets and may hold anything: state is 3, starttime is 22 (proc(5)).
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z') return undefined
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot}/${fields[19]}`
  } catch {
    return undefined
  }
}
