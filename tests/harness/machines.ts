// Two machines for a test: network namespaces, each with its own loopback, and one cable between them.
import { execFileSync, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'

export interface Machines extends Disposable {
  /** Addresses on the cable. */
  readonly first: string
  readonly second: string
  /** The command line that runs another one on a machine. */
  on(machine: 'first' | 'second', command: readonly string[]): string[]
}

/** Root with iproute2; elsewhere what needs machines is skipped. */
export function canMakeMachines(): boolean {
  if (process.getuid?.() !== 0) return false
  const name = `heddle-try-${process.pid}`
  if (spawnSync('ip', ['netns', 'add', name], { stdio: 'ignore' }).status !== 0) return false
  return spawnSync('ip', ['netns', 'delete', name], { stdio: 'ignore' }).status === 0
}

const ip = (...args: string[]): void => void execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] })

export function connectMachines(): Machines {
  const run = randomBytes(3).toString('hex')
  const addresses = { first: '10.203.0.1', second: '10.203.0.2' } as const
  const name = (machine: keyof typeof addresses) => `heddle-${run}-${machine}`
  const remove = (): void => {
    for (const machine of ['first', 'second'] as const)
      spawnSync('ip', ['netns', 'delete', name(machine)], { stdio: 'ignore' })
  }
  try {
    for (const machine of ['first', 'second'] as const) {
      ip('netns', 'add', name(machine))
      ip('-n', name(machine), 'link', 'set', 'lo', 'up')
    }
    const ends = ['type', 'veth', 'peer', 'name', 'cable', 'netns', name('second')]
    ip('-n', name('first'), 'link', 'add', 'cable', ...ends)
    for (const machine of ['first', 'second'] as const) {
      ip('-n', name(machine), 'address', 'add', `${addresses[machine]}/30`, 'dev', 'cable')
      ip('-n', name(machine), 'link', 'set', 'cable', 'up')
    }
  } catch (error) {
    remove()
    throw error
  }
  return {
    ...addresses,
    on: (machine, command) => ['ip', 'netns', 'exec', name(machine), ...command],
    [Symbol.dispose]: remove,
  }
}
