// The first five minutes of a newcomer: clone, `npm run demo`, look, Ctrl-C. As root, below a 0700 directory, and as an
// ordinary user. Uses npm's own package cache, and nothing that was installed by hand.
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeEmbeddedPostgres } from '@heddle/db/embedded/location'
import { statServicesOutputSchema } from '@heddle/shared/api/index'
import { eventually } from '@heddle/testkit/eventually'
import { repository } from '../harness/command.ts'
import { freePort } from '../harness/mesh.ts'
import { hold, type Scenario } from './scenario.ts'

const SHOP = ['storefront', 'catalog', 'cart', 'checkout', 'payments', 'shipping']
/** `nobody`, whom every system has: Postgres asks for the name of its user. */
const ORDINARY = 65_534

interface Newcomer {
  title: string
  uid: number | null
  mode: number
}

/** Processes that carry this HEDDLE_HOME in their environment: what a demo has left behind. */
function processesOf(home: string): string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`HEDDLE_HOME=${home}`)
      } catch {
        return false
      }
    })
}

async function tryDemo({ title, uid, mode }: Newcomer, note: (line: string) => void): Promise<void> {
  const base = mkdtempSync(join(tmpdir(), 'heddle-newcomer-'))
  chmodSync(base, mode)
  const clone = join(base, 'heddle')
  const home = join(base, 'home')
  mkdirSync(home, { mode: 0o700 })
  spawnSync('git', ['clone', '-q', repository, clone], { stdio: 'inherit' })
  if (uid !== null) {
    chownSync(base, uid, uid)
    spawnSync('chown', ['-R', `${uid}:${uid}`, base])
  }
  const cache = uid === null ? join(homedir(), '.npm') : join(base, 'npm-cache')
  if (uid !== null && existsSync(join(homedir(), '.npm'))) {
    spawnSync('cp', ['-r', join(homedir(), '.npm'), cache])
    spawnSync('chown', ['-R', `${uid}:${uid}`, cache])
  }
  // Only what a login shell would have: nothing of the test's own environment, least of all its PATH.
  const path = (process.env.PATH ?? '')
    .split(':')
    .filter((entry) => !entry.includes('node_modules'))
    .join(':')
  const heddleHome = join(home, '.heddle')
  const env = { PATH: path, HOME: home, HEDDLE_HOME: heddleHome, npm_config_cache: cache, ...registryOf() }
  const identity = uid === null ? {} : { uid, gid: uid }
  const [consolePort, controlPort] = [await freePort(), await freePort()]
  const startedAt = performance.now()
  const demo = spawn(
    'npm',
    ['run', 'demo', '--', '--console-port', `${consolePort}`, '--control-port', `${controlPort}`],
    {
      cwd: clone,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...identity,
    },
  )
  let output = ''
  for (const stream of [demo.stdout, demo.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  const exited = new Promise<number | null>((resolve) => demo.on('exit', resolve))
  try {
    await eventually(
      'every shop service has traffic and a success rate',
      () => {
        if (demo.exitCode !== null) throw new Error(`the demo ended with ${demo.exitCode}`)
        if (!existsSync(join(heddleHome, 'up.json'))) return undefined
        const stat = spawnSync('npx', ['heddle', 'stat', 'services', '-o', 'json'], {
          cwd: clone,
          env,
          encoding: 'utf8',
          ...identity,
        })
        if (stat.status !== 0) return undefined
        const { rows } = statServicesOutputSchema.parse(JSON.parse(stat.stdout))
        const busy = SHOP.filter((name) =>
          rows.some((row) => row.service === name && row.requests > 0 && row.successRate !== null),
        )
        return busy.length === SHOP.length ? true : undefined
      },
      300_000,
    )
    const seconds = (performance.now() - startedAt) / 1_000
    note(`${title}: every shop service has traffic ${seconds.toFixed(0)} s after npm run demo`)
    hold('within three minutes', seconds < 180, seconds)
    const page = await fetch(`http://localhost:${consolePort}/`)
    hold('the console answers', page.ok, page.status)
    hold('it says where the console is', output.includes(`:${consolePort}`), output.slice(-2_000))
  } catch (error) {
    throw new Error(`${title}\n${output.slice(-4_000)}`, { cause: error })
  } finally {
    // As a terminal does it: SIGINT to the whole foreground group.
    if (demo.pid !== undefined && demo.exitCode === null) process.kill(-demo.pid, 'SIGINT')
    await exited
  }
  await eventually('Ctrl-C leaves no process', () => (processesOf(heddleHome).length === 0 ? true : undefined), 20_000)
  note(`${title}: Ctrl-C left no process`)
  // Root's database lies elsewhere.
  await removeEmbeddedPostgres(join(heddleHome, 'postgres'))
  rmSync(base, { recursive: true, force: true })
}

/** npm settings that the machine itself gives by environment, such as a mirror. */
function registryOf(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) =>
      /^(npm_config_registry|http_proxy|https_proxy|no_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE)$/i.test(name),
    ),
  )
}

export const freshClone: Scenario = {
  name: 'fresh-clone',
  guarantees: 'clone and npm run demo: traffic on every shop service within 3 minutes, Ctrl-C leaves no process',
  async run(note) {
    const asRoot = process.getuid?.() === 0
    await tryDemo({ title: asRoot ? 'as root' : 'as this user', uid: null, mode: 0o755 }, note)
    if (!asRoot) return note('not root: the runs as another user and as root below a 0700 directory were left out')
    await tryDemo({ title: 'as root below a 0700 directory', uid: null, mode: 0o700 }, note)
    await tryDemo({ title: 'as an ordinary user', uid: ORDINARY, mode: 0o755 }, note)
  },
}
