// CMD: found, started in a process group of its own, and ended as a group.
import { spawn } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { AdviceError } from '../terminal/advice.ts'
import { EXIT, type Exit } from '../terminal/exitCodes.ts'

export interface Command {
  readonly pid: number
  readonly exited: Promise<Exit>
  /** To the whole group; nothing happens where it is gone. */
  signal(signal: NodeJS.Signals): void
}

/** Throws advice with exit code 127 or 126, as a shell would. */
export function startCommand(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<Command> {
  const [name = '', ...args] = argv
  const file = findExecutable(name, env.PATH)
  // Where the kernel can, CMD also ends with us when we are killed; the proxy sees to it elsewhere.
  const setpriv = process.platform === 'linux' ? findQuietly('setpriv', process.env.PATH) : undefined
  const [program, programArgs] =
    setpriv === undefined ? [file, args] : [setpriv, ['--pdeathsig', 'TERM', '--', file, ...args]]
  const child = spawn(program, programArgs, { env: { ...env }, stdio: 'inherit', detached: true })
  const exited = new Promise<Exit>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })))
  return new Promise((resolve, reject) => {
    child.once('error', (error) =>
      reject(
        new AdviceError(`${name} could not be started: ${error.message}`, {
          exitCode: EXIT.notExecutable,
          cause: error,
        }),
      ),
    )
    child.once('spawn', () => {
      const pid = child.pid ?? 0
      const signal = (sent: NodeJS.Signals): void => {
        try {
          process.kill(-pid, sent)
        } catch {
          // The group has ended meanwhile.
        }
      }
      resolve({ pid, exited, signal })
    })
  })
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

function findQuietly(name: string, path: string | undefined): string | undefined {
  return (path ?? '')
    .split(delimiter)
    .map((directory) => join(directory === '' ? '.' : directory, name))
    .find(isExecutable)
}

/** As execvp looks: a name without a slash is searched in PATH. */
function findExecutable(name: string, path: string | undefined): string {
  if (!name.includes('/')) {
    const found = findQuietly(name, path)
    if (found !== undefined) return found
    throw new AdviceError(`command not found: ${name}`, {
      advice: 'It is searched in your own PATH, without the entries that npm added.',
      exitCode: EXIT.notFound,
    })
  }
  if (isExecutable(name)) return name
  let exists = true
  try {
    statSync(name)
  } catch {
    exists = false
  }
  throw exists
    ? new AdviceError(`${name} is not an executable file.`, { exitCode: EXIT.notExecutable })
    : new AdviceError(`${name} does not exist.`, { exitCode: EXIT.notFound })
}
