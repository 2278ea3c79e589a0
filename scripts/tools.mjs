// Tools that tests use where the machine has them, and install where they may: Debian packages, as root only.
import { spawnSync } from 'node:child_process'

const has = (command) => spawnSync('sh', ['-c', `command -v ${command}`], { stdio: 'ignore' }).status === 0

/** Makes sure that `command` is on the PATH, from the Debian package `name`; false where it cannot be had. */
export function ensureTool(command, name) {
  if (has(command)) return true
  if (process.getuid?.() !== 0 || !has('apt-get')) {
    console.log(
      `${command} is not on this machine: the tests that need it say so and are skipped (Debian package: ${name})`,
    )
    return false
  }
  return installPackage(name) && has(command)
}

/** Installs a Debian package without asking; true where that worked. */
export function installPackage(name) {
  console.log(`installing the Debian package ${name} …`)
  const options = { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
  const install = () =>
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], options).status === 0
  return install() || (spawnSync('apt-get', ['update', '-qq'], options).status === 0 && install())
}
