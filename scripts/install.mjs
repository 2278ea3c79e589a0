// Makes a fresh clone ready to run: packages where they are missing or not those of the lock file, and the generated
// database client. For scripts that a system Node starts before anything is installed, so it has no dependencies.
import { existsSync, readFileSync, statSync, utimesSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { pinnedNode, root } from '../apps/cli/bin/pinnedNode.mjs'
import { exclusively } from './exclusively.mjs'
import { runQuietly, withProgress } from './progress.mjs'

export { pinnedNode, root }

/** The environment in which the tools of the repository run: the pinned Node first, no telemetry. */
export function toolEnvironment() {
  return {
    ...process.env,
    PATH: `${dirname(pinnedNode())}${delimiter}${process.env.PATH || ''}`,
    NEXT_TELEMETRY_DISABLED: '1',
    TURBO_TELEMETRY_DISABLED: '1',
    CHECKPOINT_DISABLE: '1',
  }
}

/** Whether node_modules holds what package-lock.json asks for. What is optional may be missing: other platforms' parts. */
export function isInstalled(directory = root) {
  const installedLock = join(directory, 'node_modules', '.package-lock.json')
  if (!existsSync(installedLock)) return false
  const wanted = JSON.parse(readFileSync(join(directory, 'package-lock.json'), 'utf8')).packages
  const installed = JSON.parse(readFileSync(installedLock, 'utf8')).packages
  return Object.entries(wanted).every(
    ([path, { version, link, optional, devOptional }]) =>
      !path.includes('node_modules/') ||
      link === true ||
      (installed[path] ? installed[path].version === version : optional === true || devOptional === true),
  )
}

/** Installs the packages, unless they are there. Takes a minute or two; throws with npm's output where that fails. */
export async function ensureInstalled() {
  if (isInstalled()) return
  // A production environment or a user's npm settings must not leave out the pinned Node or the build tools.
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund']
  const [command, commandArgs] = process.env.npm_execpath
    ? [process.execPath, [process.env.npm_execpath, ...args]]
    : ['npm', args]
  await withProgress('installing packages (npm ci, 1.2 GB on disk)', () =>
    runQuietly(command, commandArgs, { cwd: root, env: { ...process.env, NODE_ENV: 'development' } }),
  )
}

const modifiedAt = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0)

/** Held by whoever builds or generates in this clone. */
export const buildLock = join(root, 'node_modules', '.cache', 'heddle', 'build.lock')

const generatedClient = join(root, 'packages', 'db', 'src', 'generated', 'client.ts')
const GENERATED_FROM = ['prisma/schema.prisma', 'prisma.config.ts', 'node_modules/prisma/package.json']
const isGenerated = () => GENERATED_FROM.every((input) => modifiedAt(join(root, input)) <= modifiedAt(generatedClient))

/** Generates the database client, unless it is newer than the schema. Needs the packages. */
export async function ensureGenerated() {
  if (isGenerated()) return
  await exclusively(buildLock, async () => {
    // Whoever we waited for may have done it.
    if (!isGenerated()) await generate()
  })
}

async function generate() {
  await withProgress('generating the database client', () =>
    runQuietly(pinnedNode(), [join(root, 'node_modules', 'prisma', 'build', 'index.js'), 'generate'], {
      cwd: root,
      env: toolEnvironment(),
    }),
  )
  const now = new Date()
  utimesSync(generatedClient, now, now)
}
