// The clone's `heddle run` and `heddle proxy` as JavaScript, which start in less time and memory than their sources: where
// that build lies, and whether it was made from the sources that are there now. Any Node can run this file.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Commands that stay beside an application, and are started often. */
const BUNDLED = ['run', 'proxy']

/** Where builds lie, each in a folder of its own: what runs from an older one may load a part of it at any time. */
export const bundlesIn = (root) => join(root, 'node_modules', '.cache', 'heddle', 'bundle')

/** Says which build is the last, and of which files it was made. */
export const manifestIn = (root) => join(bundlesIn(root), 'manifest.json')

/** What changes when a file does; undefined where there is none. */
export function stampOf(path) {
  const stat = statSync(path, { throwIfNoEntry: false })
  return stat === undefined ? undefined : `${stat.mtimeMs} ${stat.size}`
}

/** The folder of the last build; undefined where it is gone, or a file that it was made of has changed since. */
export function currentBundle(root) {
  try {
    const { folder, inputs } = JSON.parse(readFileSync(manifestIn(root), 'utf8'))
    const isCurrent = Object.entries(inputs).every(([path, stamp]) => stampOf(join(root, path)) === stamp)
    const build = join(bundlesIn(root), folder)
    return isCurrent && existsSync(build) ? build : undefined
  } catch {
    // None yet, or half of one.
    return undefined
  }
}

/** The program for a command line of `heddle` in a clone. */
export function programOf(root, [command]) {
  const folder = BUNDLED.includes(command) ? currentBundle(root) : undefined
  return folder === undefined ? join(root, 'apps', 'cli', 'src', 'main.ts') : join(folder, 'heddle.js')
}
