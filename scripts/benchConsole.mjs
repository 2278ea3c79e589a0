// `npm run bench:console`: how fast the console is in front of a mesh of a thousand services. Installs what is missing,
// then runs benchmarks/console in a real browser, against a HEDDLE_HOME that `npm run seed` has filled.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { findBrowser } from './browser.mjs'
import { ensureGenerated, ensureInstalled, pinnedNode, root, toolEnvironment } from './install.mjs'

await ensureInstalled()
await ensureGenerated()
const child = spawn(pinnedNode(), [join(root, 'benchmarks', 'console', 'main.ts'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...toolEnvironment(), HEDDLE_BROWSER: await findBrowser() },
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.on('exit', (code) => process.exit(code ?? 1))
