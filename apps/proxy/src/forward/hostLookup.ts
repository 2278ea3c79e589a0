// Addresses of a host outside the mesh. The system's resolver is asked, as every application here asks it, but it works
// in the few threads that the whole process has and may take half a minute: one question for each name at a time, few in
// all, and nobody waits longer than the deadline.
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { DialError } from './classifyError.ts'

/** glibc asks its first server for as long (resolv.conf, timeout). */
const DEADLINE_MS = 5_000
/** Half of libuv's threads, so that files are still read and written while names hang. */
const MAX_AT_ONCE = 2
/** Names that wait for their turn; beyond it whoever asks for one more is told at once. */
const MAX_WAITING = 1_000

export interface HostLookupOptions {
  /** As `lookup` of node:dns, with all addresses. */
  ask?: (host: string) => Promise<readonly { address: string }[]>
  deadlineMs?: number
}

export class HostLookup {
  readonly #ask: (host: string) => Promise<readonly { address: string }[]>
  readonly #deadlineMs: number
  readonly #asked = new Map<string, Promise<string[]>>()
  readonly #turns: (() => void)[] = []
  #running = 0

  constructor({ ask = (host) => lookup(host, { all: true }), deadlineMs = DEADLINE_MS }: HostLookupOptions = {}) {
    this.#ask = ask
    this.#deadlineMs = deadlineMs
  }

  /** `host`: IPv6 in brackets. Rejects with a DialError HEDDLE_CONNECT, at the latest after the deadline. */
  async resolve(host: string): Promise<string[]> {
    const bare = host.startsWith('[') ? host.slice(1, -1) : host
    if (isIP(bare) !== 0) return [bare]
    const { promise: late, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => reject(new Error(`no answer within ${this.#deadlineMs} ms`)), this.#deadlineMs)
    try {
      return await Promise.race([this.#addresses(bare), late])
    } catch (error) {
      throw new DialError('HEDDLE_CONNECT', `${host} could not be resolved`, { cause: error })
    } finally {
      clearTimeout(timer)
    }
  }

  #addresses(host: string): Promise<string[]> {
    const asked = this.#asked.get(host)
    if (asked !== undefined) return asked
    if (this.#turns.length >= MAX_WAITING) return Promise.reject(new Error('too many names are being resolved'))
    const answer = this.#inTurn(host).finally(() => this.#asked.delete(host))
    this.#asked.set(host, answer)
    // Whoever asked may have given up by then.
    answer.catch(() => {})
    return answer
  }

  async #inTurn(host: string): Promise<string[]> {
    if (this.#running >= MAX_AT_ONCE) await new Promise<void>((resolve) => this.#turns.push(resolve))
    else this.#running++
    try {
      const found = await this.#ask(host)
      return found.map(({ address }) => address)
    } finally {
      const next = this.#turns.shift()
      if (next === undefined) this.#running--
      else next()
    }
  }
}
