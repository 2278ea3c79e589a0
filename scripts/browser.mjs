// Finds a Chromium for the browser tests: the one that the environment names, the system's, Playwright's own, and
// at last the system's package manager. Playwright's download does not work on closed networks, hence the order.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './install.mjs'
import { installPackage } from './tools.mjs'

const SYSTEM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium']

const systemBrowser = () => SYSTEM.find((path) => existsSync(path))

/** Path of Playwright's own Chromium, downloaded if need be; undefined where that fails. */
async function playwrightBrowser() {
  const { chromium } = await import('@playwright/test')
  const path = chromium.executablePath()
  if (existsSync(path)) return path
  console.log('downloading a browser for the tests …')
  spawnSync(join(root, 'node_modules', '.bin', 'playwright'), ['install', 'chromium'], {
    stdio: 'ignore',
    timeout: 120_000,
  })
  return existsSync(path) ? path : undefined
}

/** Path of a Chromium; throws with what to do where none can be had. */
export async function findBrowser() {
  const named = process.env.HEDDLE_BROWSER
  if (named) {
    if (existsSync(named)) return named
    throw new Error(`HEDDLE_BROWSER names ${named}, which does not exist`)
  }
  const asRoot = process.getuid?.() === 0
  const found =
    systemBrowser() ??
    (asRoot && installPackage('chromium') ? systemBrowser() : undefined) ??
    (await playwrightBrowser())
  if (found) return found
  throw new Error('no browser found: install Chromium (Debian: apt-get install chromium) or set HEDDLE_BROWSER to one')
}
