// Builds what the command needs before its first start, and remembers it: the next start only compares hashes.
// The build itself is Turborepo's; this adds what Next leaves out of its standalone server.
import { createHash } from 'node:crypto'
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { currentBundle } from '../apps/cli/bin/bundled.mjs'
import { exclusively } from './exclusively.mjs'
import { buildLock, pinnedNode, root, toolEnvironment } from './install.mjs'
import { runQuietly, withProgress } from './progress.mjs'

export { ensureGenerated } from './install.mjs'

const web = join(root, 'apps', 'web')
const built = join(web, '.next')
/** The console's server, relocatable, with all it needs below its folder. */
export const consoleServer = join(built, 'standalone', 'apps', 'web', 'server.js')
const stamp = join(built, 'heddle-inputs')

/** The console shares code with the proxy (matching) and the control plane (rendering). */
const INPUTS = [
  'apps/web',
  'apps/proxy/src',
  'apps/control/src',
  'packages/shared/src',
  'packages/db/src',
  'prisma',
  'package-lock.json',
  'tsconfig.json',
]
/** Neither read by the build nor made by hand. */
const IGNORED = new Set(['node_modules', '.next', '.turbo', 'generated', 'test', 'test-results', 'playwright-report'])
const isInput = (name) => !IGNORED.has(name) && !/\.test\.tsx?$|\.tsbuildinfo$|^next-env\.d\.ts$/.test(name)

function* filesBelow(path) {
  const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const entry of entries) {
    if (!isInput(entry.name)) continue
    const child = join(path, entry.name)
    if (entry.isDirectory()) yield* filesBelow(child)
    else if (entry.isFile()) yield child
  }
}

/** One hash over everything that the console is built from. */
function hashInputs() {
  const hash = createHash('sha256')
  for (const input of INPUTS) {
    const path = join(root, input)
    const files = input.includes('.json') ? [path] : filesBelow(path)
    for (const file of files)
      hash
        .update(`${relative(root, file)}\0`)
        .update(readFileSync(file))
        .update('\0')
  }
  return hash.digest('hex')
}

const servedFiles = join(built, 'standalone', 'apps', 'web', '.next', 'static')
const isBuilt = (inputs) =>
  [consoleServer, servedFiles, stamp].every((path) => existsSync(path)) && readFileSync(stamp, 'utf8') === inputs

/** Builds the console, unless it was built from exactly these sources. Half a minute the first time. */
export async function ensureConsole() {
  if (isBuilt(hashInputs())) return
  await exclusively(buildLock, async () => {
    const inputs = hashInputs()
    if (isBuilt(inputs)) return
    await withProgress('building the console', () =>
      runQuietly(
        pinnedNode(),
        [
          join(root, 'node_modules', 'turbo', 'bin', 'turbo'),
          'run',
          'build',
          '--filter=@heddle/web',
          '--output-logs=errors-only',
        ],
        { cwd: root, env: toolEnvironment() },
      ),
    )
    if (!existsSync(consoleServer))
      throw new Error('the build of the console ended without an error and without a server')
    // Next leaves these to a CDN; here the server itself hands them out.
    cpSync(join(built, 'static'), servedFiles, { recursive: true })
    const pictures = join(web, 'public')
    if (existsSync(pictures)) cpSync(pictures, join(dirname(consoleServer), 'public'), { recursive: true })
    writeFileSync(stamp, inputs)
  })
}

/**
 * Bundles `heddle run` and the proxy, unless that was done from exactly these sources. A second or two. Where it cannot be
 * done (a clone that may only be read, no bundler installed) they start from their sources, as they do before.
 */
export async function ensureBundle() {
  if (currentBundle(root) !== undefined) return
  try {
    await exclusively(buildLock, async () => {
      if (currentBundle(root) !== undefined) return
      await withProgress('bundling the proxy', () =>
        // A process of its own: the bundler's memory ends with it.
        runQuietly(pinnedNode(), [join(root, 'scripts', 'bundleClone.mjs')], { cwd: root, env: toolEnvironment() }),
      )
    })
  } catch (error) {
    // Ended by a signal, which is meant for us too.
    if (process.exitCode !== undefined) throw error
    process.stderr.write(`heddle run and heddle proxy start from their sources, which takes longer: ${error.message}\n`)
  }
}
