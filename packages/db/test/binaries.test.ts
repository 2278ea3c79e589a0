import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, cp, lstat, mkdir, mkdtemp, readdir, rm, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { serverAccounts } from '../src/embedded/account.ts'
import { findBinaries, installedPackage } from '../src/embedded/binaries.ts'

// server's account can run them.
test('unreachable programs are copied', async () => {
  const home = await mkdtemp(join(tmpdir(), 'heddle-embedded-'))
  await using owned = new AsyncDisposableStack()
  owned.defer(() => rm(home, { recursive: true, force: true }))
  const installed = await installedPackage()
  const hidden = join(home, 'hidden')
  await mkdir(hidden, { mode: 0o700 })
  await cp(installed.root, hidden, { recursive: true, verbatimSymlinks: true })
  await chmod(join(hidden, 'native', 'bin', 'postgres'), 0o700)
  for (const name of await readdir(join(hidden, 'native', 'lib')))
    if ((await lstat(join(hidden, 'native', 'lib', name))).isSymbolicLink())
      await unlink(join(hidden, 'native', 'lib', name))
  const open = join(home, 'open')
  await mkdir(open)
  await chmod(open, 0o711)
  await chmod(home, 0o711)

  const account = (await serverAccounts())?.server ?? null
  const find = () => findBinaries({ ...installed, root: hidden }, account, async () => open)
  const [{ postgres }, second] = await Promise.all([find(), find()])
  expect(second.postgres).toBe(postgres)
  expect(await readdir(open)).toHaveLength(1)
  expect(postgres.startsWith(open)).toBe(true)
  const child = spawn(postgres, ['--version'], { cwd: '/', env: {}, ...account })
  let output = ''
  child.stdout.on('data', (chunk) => (output += String(chunk)))
  await once(child, 'close')
  expect(output).toContain('PostgreSQL')
})
