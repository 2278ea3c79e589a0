// `npm run dist`: the package that another machine installs with npm to join a mesh: `heddle run`, `heddle proxy` and the
// commands that speak to a console, bundled as JavaScript, since Node strips no types below node_modules.
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { bundle, PROGRAMS } from './bundle.mjs'
import { ensureInstalled, root } from './install.mjs'

/** Where the package file goes. */
const folder = resolve(process.argv[2] ?? join(root, 'dist'))
const source = (...path) => join(root, ...path)

/** The package's own package.json: no dependency but the Node that it runs on. */
function describe({ version, description, license, engines, optionalDependencies }) {
  return {
    name: 'heddle',
    version,
    description,
    license,
    type: 'module',
    bin: { heddle: 'bin/heddle.mjs' },
    engines,
    optionalDependencies,
  }
}

await ensureInstalled()
const staging = join(folder, 'package')
rmSync(staging, { recursive: true, force: true })
mkdirSync(join(staging, 'bin'), { recursive: true })
await bundle(join(staging, 'lib'), PROGRAMS.package)
for (const [from, to] of [
  [source('packaging', 'heddle.mjs'), join('bin', 'heddle.mjs')],
  [source('apps', 'cli', 'bin', 'launch.mjs'), join('bin', 'launch.mjs')],
  [source('apps', 'cli', 'bin', 'nodeOptions.mjs'), join('bin', 'nodeOptions.mjs')],
  [source('apps', 'cli', 'bin', 'pinnedNode.mjs'), join('bin', 'pinnedNode.mjs')],
  [source('apps', 'cli', 'preload', 'envProxy.cjs'), join('preload', 'envProxy.cjs')],
  [source('apps', 'cli', 'preload', 'keepCompiled.cjs'), join('preload', 'keepCompiled.cjs')],
  [source('packaging', 'systemd'), 'systemd'],
  [source('docs', 'second-machine.md'), join('docs', 'second-machine.md')],
  [source('LICENSE'), 'LICENSE'],
])
  cpSync(from, join(staging, to), { recursive: true })
chmodSync(join(staging, 'bin', 'heddle.mjs'), 0o755)
const { name, version, ...described } = describe(JSON.parse(readFileSync(source('package.json'), 'utf8')))
writeFileSync(join(staging, 'package.json'), `${JSON.stringify({ name, version, ...described }, null, 2)}\n`)
const packed = spawnSync('npm', ['pack', '--silent', '--pack-destination', folder], {
  cwd: staging,
  stdio: ['ignore', 'ignore', 'inherit'],
})
if (packed.status !== 0) throw new Error('npm pack did not work')
console.log(join(folder, `${name}-${version}.tgz`))
