// `npm run soak [SCENARIO…]`: what takes minutes by nature. Installs what is missing, then runs tests/soak/main.ts.
import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { ensureGenerated, ensureInstalled, pinnedNode, root, toolEnvironment } from './install.mjs'
import { ensureTool } from './tools.mjs'

await ensureInstalled()
await ensureGenerated()
const environment = toolEnvironment()
const promtool = ensureTool('promtool', 'prometheus', join(root, 'node_modules', '.cache', 'heddle'))
if (promtool) environment.PATH = `${environment.PATH}${delimiter}${promtool}`
const child = spawn(pinnedNode(), [join(root, 'tests', 'soak', 'main.ts'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: environment,
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.on('exit', (code) => process.exit(code ?? 1))
