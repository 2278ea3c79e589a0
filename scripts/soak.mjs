// `npm run soak [SCENARIO…]`: what takes minutes by nature. Installs what is missing, then runs tests/soak/main.ts.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ensureGenerated, ensureInstalled, pinnedNode, root, toolEnvironment } from './install.mjs'

await ensureInstalled()
await ensureGenerated()
const child = spawn(pinnedNode(), [join(root, 'tests', 'soak', 'main.ts'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: toolEnvironment(),
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.on('exit', (code) => process.exit(code ?? 1))
