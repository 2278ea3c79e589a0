// `heddle` and the proxy bundled as JavaScript, for whoever runs them: the package of `npm run dist`, and the clone itself,
// whose sources Node would have to strip of their types at each start.
import { join } from 'node:path'
import { root } from './install.mjs'

const source = (...path) => join(root, ...path)
const command = (...path) => source('apps', 'cli', 'src', ...path)

/** For what cannot be reached in a bundle. */
const NOTHING = '\0nothing'

/** Modules that stand for programs.ts in a bundle. */
export const PROGRAMS = {
  package: command('supervise', 'packagedPrograms.ts'),
  clone: command('supervise', 'bundledPrograms.ts'),
}

/** Modules of the clone, and what stands for them. */
const insteadOf = (programs) => [
  [command('supervise', 'programs.ts'), programs],
  [source('scripts', 'build.mjs'), command('packagedBuild.ts')],
  [command('up', 'up.ts'), NOTHING],
  [command('commands', 'database.ts'), NOTHING],
]

/** Writes heddle.js, proxy.js, worker.js and what they load later into a folder. Resolves with the paths of all modules in there. */
export async function bundle(to, programs) {
  // Not before the packages are installed.
  const { rolldown } = await import('rolldown')
  const instead = insteadOf(programs)
  const bundled = await rolldown({
    cwd: root,
    input: {
      heddle: command('main.ts'),
      proxy: source('apps', 'proxy', 'src', 'main.ts'),
      worker: source('apps', 'proxy', 'src', 'workers', 'worker.ts'),
    },
    platform: 'node',
    plugins: [
      {
        name: 'instead',
        async resolveId(id, importer) {
          const resolved = await this.resolve(id, importer, { skipSelf: true })
          const found = resolved === null ? undefined : instead.find(([path]) => path === resolved.id)
          return found === undefined ? resolved : found[1]
        },
        load: (id) => (id === NOTHING ? 'export {}' : null),
      },
    ],
    onwarn(warning) {
      throw new Error(`the bundle is not whole: ${warning.message}`)
    },
  })
  const { output } = await bundled.write({ dir: to, format: 'esm', chunkFileNames: '[name]-[hash].js' })
  await bundled.close()
  return output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : [])).filter((id) => !id.startsWith('\0'))
}
