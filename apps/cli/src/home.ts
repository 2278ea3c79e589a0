// The layout of HEDDLE_HOME (0700): what lies where. Who writes which file is said beside its name.
import { chmodSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AdviceError, messageOf } from './terminal/advice.ts'

export interface Home {
  readonly directory: string
  /** 0600, `up`: an API token of role admin for commands on this machine. */
  readonly adminTokenFile: string
  /** 0600, `up`: what runs here. */
  readonly upFile: string
  /** `up`: the embedded Postgres. */
  readonly postgresDirectory: string
  /** Log files, JSON lines. */
  readonly logDirectory: string
  /** Compiled code that Node keeps between starts. */
  readonly compileCacheDirectory: string
}

export function homeAt(directory: string): Home {
  return {
    directory,
    adminTokenFile: join(directory, 'admin-token'),
    upFile: join(directory, 'up.json'),
    postgresDirectory: join(directory, 'postgres'),
    logDirectory: join(directory, 'logs'),
    compileCacheDirectory: join(directory, 'cache', 'compile'),
  }
}

/** Makes the folders that are missing. Throws advice where the place cannot be written. */
export function prepareHome(directory: string): Home {
  const home = homeAt(directory)
  try {
    mkdirSync(home.directory, { recursive: true, mode: 0o700 })
    chmodSync(home.directory, 0o700)
    for (const path of [home.logDirectory, home.compileCacheDirectory])
      mkdirSync(path, { recursive: true, mode: 0o700 })
    return home
  } catch (error) {
    throw new AdviceError(`${directory} cannot be used for Heddle's state: ${messageOf(error)}`, {
      advice: 'Set HEDDLE_HOME to a directory of your own.',
      cause: error,
    })
  }
}

/** A file's text, or undefined where there is none. Other trouble (no permission) is thrown. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
