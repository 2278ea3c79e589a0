// `npm run soak [SCENARIO…]`: the named scenarios, or all of them, one after the other.

import { controlPlaneAway, postgresAway } from './away.ts'
import { bigBodies } from './bigBodies.ts'
import { churn } from './churn.ts'
import { freshClone } from './freshClone.ts'
import { grpcStream } from './grpcStream.ts'
import { numbers } from './numbers.ts'
import { rollingRestart } from './rollingRestart.ts'
import type { Scenario } from './scenario.ts'
import { shortLeaves } from './shortLeaves.ts'
import { tcp } from './tcp.ts'

const scenarios: Scenario[] = [
  controlPlaneAway,
  postgresAway,
  rollingRestart,
  shortLeaves,
  numbers,
  bigBodies,
  grpcStream,
  tcp,
  churn,
  freshClone,
]

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !scenarios.some((scenario) => scenario.name === name))
if (unknown.length > 0 || wanted.includes('--help')) {
  console.error(scenarios.map(({ name, guarantees }) => `${name.padEnd(20)} ${guarantees}`).join('\n'))
  process.exit(unknown.length > 0 ? 64 : 0)
}

let [passed, failed] = [0, 0]
for (const scenario of scenarios.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  console.log(`\n── ${scenario.name} ── ${scenario.guarantees}`)
  const startedAt = performance.now()
  try {
    await scenario.run((line) => console.log(`   ${line}`))
    passed++
    console.log(`   held, after ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`)
  } catch (error) {
    failed++
    console.error(error instanceof Error ? (error.stack ?? error.message) : error)
  }
}
console.log(`\n${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
