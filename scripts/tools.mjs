// Tools that tests use where the machine has them, and get where they may: from Debian packages. What is only a program
// is taken out of its package and installed nowhere: a package may start a daemon.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** In seconds: how long apt waits for another one to end. */
const LOCK_PATIENCE = 'DPkg::Lock::Timeout=120'

const has = (command, env) => spawnSync('sh', ['-c', `command -v ${command}`], { stdio: 'ignore', env }).status === 0
const isRoot = () => process.getuid?.() === 0

/**
 * The folder to put on the PATH for `/usr/bin/<command>` of the Debian package `name`; '' where the PATH has it already,
 * undefined where it cannot be had. It is kept in `cache`.
 */
export function ensureTool(command, name, cache, env = process.env) {
  if (has(command, env)) return ''
  const folder = join(cache, command)
  if (existsSync(join(folder, command))) return folder
  if (has('apt-get', env) && has('dpkg', env)) {
    console.log(`getting ${command} out of the Debian package ${name} …`)
    if (extract(command, name, folder, env)) return folder
  }
  console.log(
    `${command} is not on this machine: the tests that need it say so and are skipped (Debian package: ${name})`,
  )
  return undefined
}

/** Downloads the package and keeps the one program of it; true where that worked. */
function extract(command, name, folder, env) {
  const temporary = mkdtempSync(join(tmpdir(), 'heddle-tool-'))
  const options = { cwd: temporary, stdio: 'ignore', env }
  const download = () => spawnSync('apt-get', ['download', '-qq', name], options).status === 0
  try {
    const isThere =
      download() || (isRoot() && spawnSync('apt-get', ['update', '-qq'], options).status === 0 && download())
    const archive = isThere ? readdirSync(temporary).find((file) => file.endsWith('.deb')) : undefined
    if (archive === undefined || spawnSync('dpkg', ['-x', archive, 'package'], options).status !== 0) return false
    const program = join(temporary, 'package', 'usr', 'bin', command)
    if (!existsSync(program)) return false
    mkdirSync(folder, { recursive: true })
    // Complete or not there at all, whoever looks.
    const draft = join(folder, `.${command}.${process.pid}`)
    cpSync(program, draft)
    renameSync(draft, join(folder, command))
    return true
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

/**
 * Whether all of `commands` are there. Where they are not and root asks, the Debian package `name` is installed: for programs
 * that need their libraries beside them, and a package that starts nothing.
 */
export function ensurePrograms(commands, name, env = process.env) {
  const areThere = () => commands.every((command) => has(command, env))
  if (areThere() || (isRoot() && has('apt-get', env) && installPackage(name) && areThere())) return true
  console.log(
    `${commands.join(' and ')} are not on this machine: the tests that need them are skipped (Debian package: ${name})`,
  )
  return false
}

/** Installs a Debian package without asking, as root; true where that worked. */
export function installPackage(name) {
  console.log(`installing the Debian package ${name} …`)
  const options = { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
  // Another installation may be under way, as on a machine that brings itself up to date.
  const apt = (...args) => spawnSync('apt-get', ['-qq', '-o', LOCK_PATIENCE, ...args], options).status === 0
  const install = () => apt('install', '-y', '--no-install-recommends', name)
  return install() || (apt('update') && install())
}
