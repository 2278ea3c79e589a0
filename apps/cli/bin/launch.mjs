// Starts the command on the pinned Node, in place of this process where it can. Any Node can run this file.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants, homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nodeOptions } from './nodeOptions.mjs'
import { pinnedNode, versionOf } from './pinnedNode.mjs'

const keepCompiled = join(dirname(fileURLToPath(import.meta.url)), '..', 'preload', 'keepCompiled.cjs')
/** The channel tells the command of our death. */
const STDIO = ['inherit', 'inherit', 'inherit', 'ipc']

/** Where compiled code is kept between starts, once HEDDLE_HOME is there; the user's own choice comes first. */
function compileCache() {
  const directory = join(process.env.HEDDLE_HOME || join(homedir(), '.heddle'), 'cache', 'compile')
  return process.env.NODE_COMPILE_CACHE || !existsSync(directory) ? {} : { NODE_COMPILE_CACHE: directory }
}

/** Passed on to the command. It takes several within a moment as one, for a terminal sends Ctrl-C to both of us. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2']

/** Ends with a line that says why. */
export function fail(error) {
  process.stderr.write(`heddle: ${error.message}\n`)
  process.exit(1)
}

/** Becomes a program with these arguments; an older Node keeps it as a child, and takes its exit code over. */
export function launchProgram(main, args) {
  try {
    const node = pinnedNode()
    const env = { ...process.env, ...compileCache() }
    const command = [...nodeOptions(args[0], versionOf(node)), '--require', keepCompiled, main, ...args]
    if (process.execve === undefined) follow(spawn(node, command, { env, stdio: STDIO }))
    else process.execve(node, [node, ...command], env)
  } catch (error) {
    fail(error)
  }
}

function follow(child) {
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal))
  child.on('error', fail)
  child.on('exit', (code, signal) => {
    process.exit(signal === null ? code : 128 + constants.signals[signal])
  })
}
