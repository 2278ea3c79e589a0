// The embedded Postgres as other processes see it: every user, every parent directory, every way to die.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, lstat, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Client } from 'pg'
import { afterEach, expect, test, vi } from 'vitest'
import { canReach, serverAccounts } from '../src/embedded/account.ts'
import { findBinaries, installedPackage } from '../src/embedded/binaries.ts'
import { locate, removeEmbeddedPostgres, sharedDirectory } from '../src/embedded/location.ts'
import { processFacts } from '../src/embedded/processFacts.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../src/embedded/startEmbeddedPostgres.ts'

const isRoot = process.geteuid?.() === 0
const launcher = new URL('./launcher.ts', import.meta.url).pathname
const directories: string[] = []
const children: ChildProcess[] = []

/** A HEDDLE_HOME as it is: below a private directory. */
async function privateDirectory(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'heddle-embedded-'))
  directories.push(home)
  return join(home, 'postgres')
}

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const home of directories.splice(0)) {
    await vi.waitFor(async () => expect(await serverOf(join(home, 'postgres'))).toBeNull(), { timeout: 20_000 })
    await removeEmbeddedPostgres(join(home, 'postgres'))
    await rm(home, { recursive: true, force: true })
  }
})

/** The pid of the server that holds the directory's data, while it lives. */
async function serverOf(directory: string): Promise<number | null> {
  const text = await readFile(join(directory, 'data', 'postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number(text.split('\n', 1)[0])
  return pid > 0 && (await processFacts(pid)) !== null ? pid : null
}

interface Launched {
  child: ChildProcess
  pid: number
  url: string
  superuserUrl: string
  error?: string
}

async function launch(
  directory: string,
  options: { umask?: string; path?: string; uid?: number } = {},
): Promise<Launched> {
  const { umask = '022', path = process.env.PATH, uid } = options
  const child = spawn(process.execPath, [launcher, directory, umask], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PATH: path },
    ...(uid === undefined ? {} : { uid, gid: uid }),
  })
  children.push(child)
  const lines = createInterface({ input: child.stdout })
  const failed = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the launcher ended with ${code}`)))
  const [line] = (await Promise.race([once(lines, 'line'), failed])) as [string]
  return { child, ...(JSON.parse(line) as Omit<Launched, 'child'>) }
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

const start = (directory: string, more: object = {}): Promise<EmbeddedPostgres> =>
  startEmbeddedPostgres({ directory, log: () => {}, ...more })

// As whoever runs this, below a 0700 directory and under umask 077: it starts, and a second start finds the data, the
// passwords and the port again.
test.each(['022', '077'])('starts below a private directory under umask %s, and again', async (umask) => {
  const directory = await privateDirectory()
  const first = await launch(directory, { umask })
  await query(first.url, 'CREATE TABLE kept (x int)')
  first.child.kill('SIGTERM')
  await vi.waitFor(async () => expect(await serverOf(directory)).toBeNull(), { timeout: 20_000 })
  const second = await launch(directory, { umask })
  expect(second.url).toBe(first.url)
  expect(await query(second.url, 'SELECT * FROM kept')).toEqual([])
})

// The passwords are random, long, and readable by their owner alone; none is left where initdb read it.
test('passwords are random and private', async () => {
  const directory = await privateDirectory()
  const server = await start(directory)
  const passwords = [server.url, server.superuserUrl, server.consoleUrl].map((url) => new URL(url).password)
  expect(new Set(passwords).size).toBe(3)
  for (const password of passwords) expect(password).toHaveLength(43)
  expect((await stat(join(directory, 'credentials.json'))).mode & 0o777).toBe(0o600)
  expect((await stat(directory)).mode & 0o077).toBe(0)
  const { base, data } = await locate(directory, await serverAccounts())
  expect((await stat(data)).mode & 0o777).toBe(0o700)
  expect((await readdir(base)).filter((name) => name.startsWith('new'))).toEqual([])
  await expect(query(server.url.replace(passwords[0] ?? '', 'password'), 'SELECT 1')).rejects.toThrow(
    'password authentication failed',
  )
  expect(
    await query(
      server.superuserUrl,
      "SELECT current_setting('listen_addresses') AS at, current_setting('password_encryption') AS how",
    ),
  ).toEqual([{ at: '127.0.0.1', how: 'scram-sha-256' }])
  expect(await query(server.url, 'SELECT rolsuper FROM pg_roles WHERE rolname = current_user')).toEqual([
    { rolsuper: false },
  ])
  await server.stop()
})

// Root's server runs under a uid that nobody else has, and its data is not left where that uid cannot go.
test.runIf(isRoot)('root hands the server to a uid of its own', async () => {
  const directory = await privateDirectory()
  const server = await start(directory)
  const accounts = await serverAccounts()
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8')
  expect(status).toMatch(new RegExp(`^Uid:\\t${accounts?.server.uid}\\t${accounts?.server.uid}\\t`, 'm'))
  expect(status).toMatch(/^Groups:\t\s*$/m)
  expect((await lstat(join(directory, 'data'))).isSymbolicLink()).toBe(true)
  await server.stop()
  await removeEmbeddedPostgres(directory)
  await expect(stat(directory)).rejects.toThrow('ENOENT')
})

// An ordinary user's data stays where it was asked for.
test.runIf(isRoot)('an ordinary user runs the server as itself', async ({ skip }) => {
  const user = { uid: 65_534, gid: 65_534 }
  if (!(await canReach(join(import.meta.dirname, '../src'), user))) skip('this clone is below a private directory')
  const directory = await privateDirectory()
  await chown(join(directory, '..'), user.uid, user.gid)
  const { pid, url, error } = await launch(directory, { uid: user.uid })
  expect(error).toBeUndefined()
  expect(await readFile(`/proc/${pid}/status`, 'utf8')).toMatch(/^Uid:\t65534\t/m)
  expect((await lstat(join(directory, 'data'))).isDirectory()).toBe(true)
  expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
})

// kill -9 of the launcher ends the server too: by the kernel where setpriv can ask it, else by a watcher.
test.each([
  ['the kernel', process.env.PATH],
  ['the watcher', '/nonexistent'],
])('a server does not outlive its launcher, thanks to %s', async (_, path) => {
  const directory = await privateDirectory()
  const { child, pid } = await launch(directory, { path: path ?? '' })
  child.kill('SIGKILL')
  await vi.waitFor(async () => expect(await processFacts(pid)).toBeNull(), { timeout: 20_000 })
  const again = await start(directory)
  await again.stop()
})

// Should a server be left over all the same, the next start ends it and takes over its data.
test('an orphan is ended, and only an orphan', async () => {
  const directory = await privateDirectory()
  const server = await start(directory)
  await expect(start(directory)).rejects.toThrow(`belongs to process ${process.pid}, which is running`)
  await query(server.url, 'CREATE TABLE kept (x int)')
  await server.stop()

  const accounts = await serverAccounts()
  const account = accounts?.server ?? null
  const { data } = await locate(directory, accounts)
  // Below a private directory the start above has made a copy for the account, and it is found again.
  const copies = accounts === null ? async () => directory : sharedDirectory
  const { postgres } = await findBinaries(await installedPackage(), account, copies)
  const port = new URL(server.url).port
  const orphan = spawn(postgres, ['-D', data, '-c', `port=${port}`, '-c', 'unix_socket_directories='], {
    stdio: 'ignore',
    cwd: '/',
    ...account,
  })
  children.push(orphan)
  await vi.waitFor(async () => expect(await serverOf(directory)).toBe(orphan.pid), { timeout: 20_000 })
  const lines: string[] = []
  const again = await start(directory, { log: (line: string) => lines.push(line) })
  expect(lines.join('\n')).toContain(`process ${orphan.pid}`)
  expect(await query(again.url, 'SELECT * FROM kept')).toEqual([])
  await again.stop()
})

// kill -9 of the server itself: the next start recovers, though the old sessions may still be ending.
test('a killed server comes back with its data', async () => {
  const directory = await privateDirectory()
  const server = await start(directory)
  await query(server.url, 'CREATE TABLE kept (x int)')
  process.kill(server.pid, 'SIGKILL')
  expect(await server.exited).toEqual({ code: null, signal: 'SIGKILL' })
  const again = await start(directory)
  expect(again.url).toBe(server.url)
  expect(await query(again.url, 'SELECT * FROM kept')).toEqual([])
  await again.stop()
})

// A stale postmaster.pid whose number means another program now: that program is left alone.
test('a recycled pid is not ended', async () => {
  const directory = await privateDirectory()
  const server = await start(directory)
  await server.stop()
  const { data } = await locate(directory, await serverAccounts())
  const bystander = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  children.push(bystander)
  await writeFile(join(data, 'postmaster.pid'), `${bystander.pid}\n${data}\n`)
  const account = await serverAccounts()
  if (account !== null) await chown(join(data, 'postmaster.pid'), account.server.uid, account.server.gid)
  await start(directory).then(
    (again) => again.stop(),
    () => {},
  )
  expect(bystander.exitCode).toBeNull()
  expect(bystander.signalCode).toBeNull()
  await rm(join(data, 'postmaster.pid'), { force: true })
})

// A port that was asked for and is taken is an error that names it; the one of last time is simply replaced.
test('a busy port', async () => {
  const directory = await privateDirectory()
  const server = await start(directory)
  await server.stop()
  const port = Number(new URL(server.url).port)
  const other = createServer().listen(port, '127.0.0.1')
  await once(other, 'listening')
  await expect(start(directory, { port })).rejects.toThrow(`port ${port}`)
  const moved = await start(directory)
  expect(new URL(moved.url).port).not.toBe(String(port))
  await moved.stop()
  other.close()
})

// Data that this build cannot open says which version made it, and is not touched.
test('data of another major version', async () => {
  const directory = await privateDirectory()
  const server = await start(directory)
  await server.stop()
  const { data } = await locate(directory, await serverAccounts())
  await writeFile(join(data, 'PG_VERSION'), '15\n')
  await expect(start(directory)).rejects.toThrow('made by Postgres 15')
})

// Programs installed below a private directory, under umask 077 and without their links are copied, once, to where the
