// The environment of CMD: what was there, without what npm put in, plus what makes clients use the proxy beside it.
import { delimiter } from 'node:path'

type Variables = Readonly<Record<string, string | undefined>>

export interface MeshPlace {
  service: string
  version: string
  instance: string
  outboundPort: number
  adminPort: number
  appPort: number | null
  /** Absolute path of the preload for Node versions that ignore the proxy environment. */
  preload: string
  /** Where Heddle keeps its own compiled code. */
  compileCacheDirectory: string
}

/** Never through the proxy: an app's calls to itself and to its neighbours on the machine. */
const DIRECT = ['localhost', '127.0.0.1', '::1']

/** Pure: `variables` is this process's environment. */
export function commandEnvironment(variables: Variables, place: MeshPlace): Record<string, string> {
  const own = withoutNpm(variables)
  // What lets a machine into the mesh, or a person change it, is not the application's business.
  delete own.HEDDLE_JOIN_TOKEN
  delete own.HEDDLE_TOKEN
  // Ours, not the user's: the launcher set it.
  if (own.NODE_COMPILE_CACHE === place.compileCacheDirectory) delete own.NODE_COMPILE_CACHE
  const proxy = `http://127.0.0.1:${place.outboundPort}`
  const noProxy = mergeNoProxy(own.no_proxy, own.NO_PROXY)
  return {
    ...own,
    http_proxy: proxy,
    HTTP_PROXY: proxy,
    https_proxy: proxy,
    HTTPS_PROXY: proxy,
    no_proxy: noProxy,
    NO_PROXY: noProxy,
    NODE_USE_ENV_PROXY: '1',
    NODE_OPTIONS: join(own.NODE_OPTIONS, `--require ${quoteNodeOption(place.preload)}`),
    JAVA_TOOL_OPTIONS: join(own.JAVA_TOOL_OPTIONS, javaOptions(place.outboundPort)),
    HEDDLE_SERVICE: place.service,
    HEDDLE_VERSION: place.version,
    HEDDLE_INSTANCE: place.instance,
    HEDDLE_OUTBOUND_PORT: String(place.outboundPort),
    HEDDLE_ADMIN_PORT: String(place.adminPort),
    ...(place.appPort === null ? {} : { HEDDLE_APP_PORT: String(place.appPort) }),
  }
}

const join = (before: string | undefined, added: string): string =>
  before === undefined || before === '' ? added : `${before} ${added}`

/** Everything that is set, without what `npm run` and `npx` added: CMD gets the user's own Node, not the pinned one. */
export function withoutNpm(variables: Variables): Record<string, string> {
  const set = Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
  const isUnderNpm = set.npm_execpath !== undefined || set.npm_command !== undefined
  if (!isUnderNpm) return set
  const path = set.PATH?.split(delimiter) ?? []
  // npm prepends; what stands behind the first entry that is not npm's was the user's.
  const first = path.findIndex((entry) => !/[\\/]node_modules[\\/]\.bin$|[\\/]node-gyp-bin$/.test(entry))
  const kept = Object.entries(set).filter(
    ([name, value]) =>
      !/^npm_/i.test(name) && name !== 'INIT_CWD' && !(name === 'NODE' && value === set.npm_node_execpath),
  )
  return { ...Object.fromEntries(kept), PATH: first === -1 ? '' : path.slice(first).join(delimiter) }
}

/** The mesh's own exceptions first, then what was there, each once. */
export function mergeNoProxy(...given: readonly (string | undefined)[]): string {
  const entries = given.flatMap((list) => list?.split(/[\s,]+/) ?? []).filter((entry) => entry !== '')
  return [...new Set([...DIRECT, ...entries])].join(',')
}

/** Node splits NODE_OPTIONS at spaces, outside double quotes; within them a backslash escapes. */
function quoteNodeOption(path: string): string {
  return /[\s"\\]/.test(path) ? `"${path.replace(/["\\]/g, '\\$&')}"` : path
}

function javaOptions(port: number): string {
  const host = ['http', 'https'].flatMap((scheme) => [
    `-D${scheme}.proxyHost=127.0.0.1`,
    `-D${scheme}.proxyPort=${port}`,
  ])
  return [...host, '-Dhttp.nonProxyHosts=localhost|127.*|[::1]'].join(' ')
}
