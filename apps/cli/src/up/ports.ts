// Ports that `heddle up` needs, looked at before anything starts, so that a busy one is told with the option to change it.
import { createServer } from 'node:net'
import { AdviceError } from '../terminal/advice.ts'

/** Listens and lets go again. The port that was had (0 gives a free one), or the error code. */
function tryPort(port: number, address: string): Promise<number | { code: string }> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve({ code: error.code ?? error.message }))
    server.listen(port, address, () => {
      const bound = server.address()
      server.close(() => resolve(typeof bound === 'object' && bound !== null ? bound.port : port))
    })
  })
}

/** The port, or a free one for 0. Throws advice that names the port and the option. */
export async function needPort(port: number, address: string, option: string): Promise<number> {
  const had = await tryPort(port, address)
  if (typeof had === 'number') return had
  const reason =
    had.code === 'EADDRINUSE'
      ? 'is already in use'
      : had.code === 'EACCES'
        ? 'may only be used by root'
        : `cannot be listened on (${had.code})`
  throw new AdviceError(`port ${port} on ${address} ${reason}.`, {
    advice:
      had.code === 'EADDRNOTAVAIL'
        ? `This machine does not have the address ${address}; choose another with --listen.`
        : `Choose another with ${option} PORT, or end what uses it.`,
  })
}

/** `wanted` if it is free on loopback, else 0: whoever listens picks one. For ports that nobody types. */
export async function portOrAny(wanted: number): Promise<number> {
  if (wanted > 65_535) return 0
  return typeof (await tryPort(wanted, '127.0.0.1')) === 'number' ? wanted : 0
}
