// `heddle` and the proxy bundled as JavaScript, for whoever runs them: the package of `npm run dist`, and the clone itself,
// whose sources Node would have to strip of their types at each start.
import { isBuiltin } from 'node:module'
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

const BUILTIN = '\0builtin:'

/**
 * Stands for the import of one of Node's own modules, and reads what is used of it. An import reads every export that there
 * is, and some of node:http's load what a proxy never needs (a client, HTTP/2, web streams) when they are read: 7 MB.
 */
function builtinModule(name) {
  const names = Object.keys(process.getBuiltinModule(name)).filter((key) => key !== 'default')
  return [
    `const $builtin = process.getBuiltinModule('${name}')`,
    'export default $builtin',
    ...names.map((key) => `export const ${key} = /* @__PURE__ */ (() => $builtin.${key})()`),
  ].join('\n')
}

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
        async resolveId(id, importer, { kind }) {
          if (isBuiltin(id))
            return kind === 'import-statement' ? { id: `${BUILTIN}${id}`, moduleSideEffects: false } : null
          const resolved = await this.resolve(id, importer, { skipSelf: true })
          const found = resolved === null ? undefined : instead.find(([path]) => path === resolved.id)
          return found === undefined ? resolved : found[1]
        },
        load(id) {
          if (id.startsWith(BUILTIN)) return builtinModule(id.slice(BUILTIN.length))
          return id === NOTHING ? 'export {}' : null
        },
      },
    ],
    onwarn(warning) {
      throw new Error(`the bundle is not whole: ${warning.message}`)
    },
  })
  const { output } = await bundled.write({
    dir: to,
    format: 'esm',
    chunkFileNames: '[name]-[hash].js',
    comments: false,
    // V8 keeps the text of what it runs, and two bytes for each character of it where one is not Latin-1.
    charset: 'ascii',
  })
  await bundled.close()
  return output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : [])).filter((id) => !id.startsWith('\0'))
}
