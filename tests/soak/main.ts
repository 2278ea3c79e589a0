// `npm run soak [-- SCENARIO… [--minutes N] [--seed N]]`: the named scenarios, or all of them, one after the other.
import { parseArgs } from 'node:util'
import { controlPlaneAway, postgresAway } from './away.ts'
import { bigBodies } from './bigBodies.ts'
import { churn } from './churn.ts'
import { freshClone } from './freshClone.ts'
import { fuzz } from './fuzz.ts'
import { grpcStream } from './grpcStream.ts'
import { numbers } from './numbers.ts'
import { rollingRestart } from './rollingRestart.ts'
import type { Scenario, SoakOptions } from './scenario.ts'
import { shortLeaves } from './shortLeaves.ts'
import { tcp } from './tcp.ts'

const scenarios: Scenario[] = [
  controlPlaneAway,
  postgresAway,
  rollingRestart,
  shortLeaves,
  numbers,
  fuzz,
  bigBodies,
  grpcStream,
  tcp,
  churn,
  freshClone,
]

const DEFAULT_MINUTES = 2

const { wanted, options } = asked(process.argv.slice(2))

function asked(args: string[]): { wanted: string[]; options: SoakOptions } {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { minutes: { type: 'string' }, seed: { type: 'string' }, help: { type: 'boolean', default: false } },
    })
    const unknown = positionals.find((name) => !scenarios.some((scenario) => scenario.name === name))
    if (unknown !== undefined) throw new Error(`there is no scenario "${unknown}"`)
    if (values.help) usage(0)
    const number = (text: string | undefined): number | null => (text === undefined ? null : whole(text))
    return {
      wanted: positionals,
      options: { minutes: number(values.minutes) ?? DEFAULT_MINUTES, seed: number(values.seed) },
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return usage(64)
  }
}

function whole(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new Error(`"${text}" is not a whole number`)
  return Number(text)
}

function usage(code: number): never {
  console.error(scenarios.map(({ name, guarantees }) => `${name.padEnd(20)} ${guarantees}`).join('\n'))
  process.exit(code)
}

let [passed, failed] = [0, 0]
for (const scenario of scenarios.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  console.log(`\n── ${scenario.name} ── ${scenario.guarantees}`)
  const startedAt = performance.now()
  try {
    await scenario.run((line) => console.log(`   ${line}`), options)
    passed++
    console.log(`   held, after ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`)
  } catch (error) {
    failed++
    console.error(error instanceof Error ? (error.stack ?? error.message) : error)
  }
}
console.log(`\n${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
