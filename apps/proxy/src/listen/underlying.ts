// Which TCP connection lies under a TLS one of a server: node:tls does not tell, and only there a connection can be reset.
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'

export class Underlying {
  /** By the address of the other end, which no two live connections of one port share. */
  readonly #live = new Map<string, Socket>()

  add(tcp: Socket): void {
    const key = endOf(tcp)
    this.#live.set(key, tcp)
    tcp.once('close', () => {
      if (this.#live.get(key) === tcp) this.#live.delete(key)
    })
  }

  /** undefined: the other end has gone already. */
  of(secure: TLSSocket): Socket | undefined {
    return this.#live.get(endOf(secure))
  }
}

function endOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}
