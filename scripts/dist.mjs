// `npm run dist`: the package that another machine installs with npm to join a mesh: `heddle run`, `heddle proxy` and the
// commands that speak to a console, bundled as JavaScript, since Node strips no types below node_modules.
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ensureInstalled, root } from './install.mjs'

/** Where the package file goes. */
const folder = resolve(process.argv[2] ?? join(root, 'dist'))
const source = (...path) => join(root, ...path)

/** For what cannot be reached in the package. */
const NOTHING = '\0nothing'
const command = (...path) => source('apps', 'cli', 'src', ...path)
/** Modules of the clone, and what stands for them in the package. */
const INSTEAD = [
  [command('supervise', 'programs.ts'), command('supervise', 'packagedPrograms.ts')],
  [source('scripts', 'build.mjs'), command('packagedBuild.ts')],
  [command('up', 'up.ts'), NOTHING],
  [command('commands', 'database.ts'), NOTHING],
]

const forPackage = {
  name: 'for-package',
  async resolveId(id, importer) {
    const resolved = await this.resolve(id, importer, { skipSelf: true })
    const found = resolved === null ? undefined : INSTEAD.find(([path]) => path === resolved.id)
    return found === undefined ? resolved : found[1]
  },
  load: (id) => (id === NOTHING ? 'export {}' : null),
}

async function bundle(to) {
  // Not before the packages are installed.
  const { rolldown } = await import('rolldown')
  const bundled = await rolldown({
    cwd: root,
    input: {
      heddle: source('apps', 'cli', 'src', 'main.ts'),
      proxy: source('apps', 'proxy', 'src', 'main.ts'),
      worker: source('apps', 'proxy', 'src', 'workers', 'worker.ts'),
    },
    platform: 'node',
    plugins: [forPackage],
    onwarn(warning) {
      throw new Error(`the bundle is not whole: ${warning.message}`)
    },
  })
  await bundled.write({ dir: to, format: 'esm', chunkFileNames: '[name]-[hash].js' })
  await bundled.close()
}

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
await bundle(join(staging, 'lib'))
for (const [from, to] of [
  [source('packaging', 'heddle.mjs'), join('bin', 'heddle.mjs')],
  [source('apps', 'cli', 'bin', 'launch.mjs'), join('bin', 'launch.mjs')],
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
