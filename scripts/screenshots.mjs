// `npm run screenshots`: the pictures of docs/screenshots, taken anew from a mesh with the sample shop that is made for
// them. Installs what is missing; a quarter of an hour goes by before the first picture, so that charts have a past.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { findBrowser } from './browser.mjs'
import { ensureGenerated, ensureInstalled, pinnedNode, root, toolEnvironment } from './install.mjs'

await ensureInstalled()
await ensureGenerated()
const child = spawn(pinnedNode(), [join(root, 'tests', 'browser.ts'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...toolEnvironment(), HEDDLE_BROWSER: await findBrowser(), HEDDLE_PICTURES: 'true' },
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.on('exit', (code) => process.exit(code ?? 1))
