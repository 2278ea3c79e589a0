// `npm run demo`: from a fresh clone to a running mesh with a shop in it. Needs git's checkout, Node 20.19 and npm.
import { ensureInstalled } from './install.mjs'

try {
  await ensureInstalled()
} catch (error) {
  process.stderr.write(`npm run demo: ${error.message}\n`)
  process.exit(1)
}
// Only now are the packages there that it loads.
const { launchClone } = await import('../apps/cli/bin/launchClone.mjs')
launchClone(['up', '--demo', ...process.argv.slice(2)])
