// The fuzz tests of the proxy's parsers, with seeds that nobody has tried. They are vitest's, as in `npm test`, where each is
// the same every time.
import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { FUZZ_SEED } from '@heddle/testkit/fuzz'
import { repository, start } from '../harness/command.ts'
import { hold, type Scenario } from './scenario.ts'

const FILES = [
  'http1/nodeDifferential',
  'http1/nodeResponseDifferential',
  'http2/nodeDifferential',
  'http2/brokenPeer',
  'http2/frameReader',
  'http2/hpack/hpack',
].map((file) => `apps/proxy/src/${file}.test.ts`)

const MOST_SEED = 2 ** 32
const ROUND_MS = 600_000

export const fuzz: Scenario = {
  name: 'fuzz',
  guarantees:
    'our parsers of HTTP/1.1 and HTTP/2 read random conversations as Node and nghttp2 do, with new seeds for --minutes N (2); --seed N: that one alone',
  async run(note, { minutes, seed }) {
    const until = performance.now() + minutes * 60_000
    let rounds = 0
    do {
      const chosen = seed ?? randomInt(MOST_SEED)
      const { code, stdout, stderr } = await round(chosen)
      hold(`seed ${chosen} (npm run soak -- fuzz --seed ${chosen})\n${stdout}${stderr}`, code === 0, code)
      rounds++
    } while (seed === null && performance.now() < until)
    note(`${rounds} seeds, no difference`)
  },
}

function round(seed: number): ReturnType<typeof start>['finished'] {
  const vitest = join(repository, 'node_modules', 'vitest', 'vitest.mjs')
  return start(process.execPath, [vitest, 'run', '--project', 'unit', `--testTimeout=${ROUND_MS}`, ...FILES], {
    env: { ...process.env, [FUZZ_SEED]: `${seed}` },
  }).finished
}
