// Ports below the kernel's ephemeral range, none of them given twice.
import { freePort as anyFreePort } from '@heddle/tests/harness/mesh'

const given = new Set<number>()

/** Free a moment ago, and not given to anyone else of this run. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = await anyFreePort()
    if (given.has(port)) continue
    given.add(port)
    return port
  }
}
