// Starts the command on the pinned Node and ends as it ends. Any Node can run this file.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants, homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pinnedNode, root } from './pinnedNode.mjs'

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

function fail(error) {
  process.stderr.write(`heddle: ${error.message}\n`)
  process.exit(1)
}

/** Runs the clone's `heddle` with these arguments. */
export function launch(args) {
  if (!existsSync(join(root, 'node_modules', 'commander')))
    fail(new Error(`the packages are not installed; run "npm ci" in ${root}`))
  launchProgram(join(root, 'apps', 'cli', 'src', 'main.ts'), args)
}

/** Runs a program with these arguments in a child and takes its exit code over. */
export function launchProgram(main, args) {
  try {
    const env = { ...process.env, ...compileCache() }
    follow(spawn(pinnedNode(), ['--require', keepCompiled, main, ...args], { env, stdio: STDIO }))
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
