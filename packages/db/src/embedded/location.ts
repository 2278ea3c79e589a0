// Where the data lies. In the directory that was asked for, wherever the server's account can reach that.
// A root's HEDDLE_HOME never is (0700), and opening it up would open whatever else lies below. There, the data goes to
// a directory of its own under /var/lib/heddle, which holds nothing else, and a symbolic link `data` leads to it: found
// again after every restart, moved along with HEDDLE_HOME, seen by whoever looks for it.
import { randomBytes } from 'node:crypto'
import { access, chmod, mkdir, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { canReach, type ServerAccounts } from './account.ts'

/** Tried in this order; all of them survive a reboot, which /tmp may not. */
const SHARED_PARENTS = ['/var/lib', '/srv', '/opt']

export interface Location {
  /** Made by initdb; may be missing. */
  data: string
  /** Directory of `data`, for drafts; passable for the server's account and writable for this process. */
  base: string
  /** `directory/data`, a link to `data`, where the two differ. */
  link: string | null
}

export async function makeDirectory(path: string, mode: number): Promise<void> {
  await mkdir(path, { recursive: true, mode })
  // mkdir's mode is cut by the umask, and an existing directory keeps its own.
  if (((await stat(path)).mode & 0o777) !== mode) await chmod(path, mode)
}

/** Others can neither list nor read nor write it; whether they may pass through is left as its owner set it. */
export async function makePrivate(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  const mode = (await stat(path)).mode & 0o777
  if ((mode & 0o066) !== 0 || (mode & 0o700) !== 0o700) await chmod(path, (mode & 0o711) | 0o700)
}

/** Root's own directory for what the server's account must reach: passable, but not listable for others. */
export async function sharedDirectory(): Promise<string> {
  let cause: unknown
  for (const parent of SHARED_PARENTS) {
    try {
      await access(parent)
      const directory = join(parent, 'heddle')
      await makeDirectory(directory, 0o711)
      const facts = await stat(directory)
      if (facts.uid === 0 && (await canReach(directory, { uid: -1, gid: -1 }))) return directory
    } catch (error) {
      cause = error
    }
  }
  throw new Error(
    `Root cannot run the embedded Postgres below a private directory, and none of ${SHARED_PARENTS.join(', ')} is writable. ` +
      'Run Heddle as an ordinary user, or set DATABASE_URL to a Postgres of your own.',
    { cause },
  )
}

export async function locate(directory: string, accounts: ServerAccounts | null): Promise<Location> {
  const inside = join(resolve(directory), 'data')
  const target = await readlink(inside).catch(() => null)
  if (target !== null) {
    await makeDirectory(dirname(target), 0o711)
    return { data: target, base: dirname(target), link: inside }
  }
  if (accounts === null || (await canReach(directory, accounts.server)))
    return { data: inside, base: resolve(directory), link: null }

  const base = join(await sharedDirectory(), randomBytes(9).toString('hex'))
  await makeDirectory(base, 0o711)
  // For whoever finds it there: nothing reads this, and nothing is deleted because that directory is gone.
  await writeFile(join(base, 'belongs-to'), `${resolve(directory)}\n`, { mode: 0o600 })
  await symlink(join(base, 'data'), inside)
  return { data: join(base, 'data'), base, link: inside }
}

/** Deletes the data for good, wherever it lies. The server must have ended. */
export async function removeEmbeddedPostgres(directory: string): Promise<void> {
  const target = await readlink(join(directory, 'data')).catch(() => null)
  if (target !== null) await rm(dirname(target), { recursive: true, force: true })
  await rm(directory, { recursive: true, force: true })
}
