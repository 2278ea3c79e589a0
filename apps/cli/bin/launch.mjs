// Starts the command on the pinned Node and ends as it ends. Any Node can run this file.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { pinnedNode, root } from './pinnedNode.mjs'

const main = join(root, 'apps', 'cli', 'src', 'main.ts')

/** Passed on to the command. It takes several within a moment as one, for a terminal sends Ctrl-C to both of us. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2']

function fail(error) {
  process.stderr.write(`heddle: ${error.message}\n`)
  process.exit(1)
}

/** Runs `heddle` with these arguments in a child and takes its exit code over. */
export function launch(args) {
  if (!existsSync(join(root, 'node_modules', 'commander')))
    fail(new Error(`the packages are not installed; run "npm ci" in ${root}`))
  try {
    follow(spawn(pinnedNode(), [main, ...args], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] }))
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
