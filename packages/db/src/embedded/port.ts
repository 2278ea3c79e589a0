// A port for the embedded server: the one asked for, the one of last time, or a free one.
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** Below the kernel's ephemeral range (32768–60999 on Linux), where an outgoing connection could take it meanwhile. */
const LOWEST = 20_000
const HIGHEST = 29_999

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  const { promise, resolve } = Promise.withResolvers<boolean>()
  server.once('error', () => resolve(false))
  server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)))
  return promise
}

/** Throws where the port that was asked for is taken. */
export async function choosePort(asked: number | undefined, last: number | undefined): Promise<number> {
  if (asked !== undefined && asked !== 0) {
    if (await isFree(asked)) return asked
    throw new Error(
      `The embedded Postgres cannot listen on port ${asked}: another program does. End that one, or choose another port.`,
    )
  }
  if (last !== undefined && (await isFree(last))) return last
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = randomInt(LOWEST, HIGHEST + 1)
    if (await isFree(port)) return port
  }
  throw new Error(`No free port between ${LOWEST} and ${HIGHEST} on 127.0.0.1 was found.`)
}
