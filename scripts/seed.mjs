// `npm run seed`: a large made mesh with its past in a database. Installs what is missing, then runs benchmarks/seed.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ensureGenerated, ensureInstalled, pinnedNode, root, toolEnvironment } from './install.mjs'

await ensureInstalled()
await ensureGenerated()
const child = spawn(pinnedNode(), [join(root, 'benchmarks', 'seed', 'main.ts'), ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: toolEnvironment(),
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.on('exit', (code) => process.exit(code ?? 1))
