// `npm run bench`: our proxies beside nginx, HAProxy, Envoy and http-proxy-3. Installs what the repository needs, then
// runs benchmarks/peers; the peers themselves are used where the machine has them.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ensureGenerated, ensureInstalled, pinnedNode, root, toolEnvironment } from './install.mjs'

await ensureInstalled()
await ensureGenerated()
const child = spawn(pinnedNode(), [join(root, 'benchmarks', 'peers', 'main.ts'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: toolEnvironment(),
  // Away from the terminal's Ctrl-C, which would reach every process of the mesh at once: it is passed on, and the bench
  // ends what it started in order.
  detached: true,
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.on('exit', (code) => process.exit(code ?? 1))
