// `SERVICE:PORT`, as `--upstream` and HEDDLE_UPSTREAMS have it: a local port on which a TCP service of the mesh is found.
import { DNS_LABEL, isReserved } from './dnsLabel.ts'

export interface Upstream {
  /** A service, or a derived name such as `redis-v2`. */
  readonly name: string
  /** On loopback. */
  readonly port: number
}

export interface UpstreamsRead {
  readonly upstreams: readonly Upstream[]
  /** One plain sentence each; the texts are named, the option is for the reader to name. */
  readonly mistakes: readonly string[]
}

/** Reads all of them; a port is given once only. */
export function readUpstreams(texts: readonly string[]): UpstreamsRead {
  const upstreams: Upstream[] = []
  const mistakes: string[] = []
  const names = new Map<number, string>()
  for (const text of texts) {
    const read = readUpstream(text)
    if ('mistake' in read) {
      mistakes.push(read.mistake)
      continue
    }
    const other = names.get(read.port)
    if (other !== undefined) mistakes.push(`"${text}": port ${read.port} is given twice, the other time for ${other}`)
    names.set(read.port, read.name)
    upstreams.push(read)
  }
  return { upstreams, mistakes }
}

export function upstreamText({ name, port }: Upstream): string {
  return `${name}:${port}`
}

function readUpstream(text: string): Upstream | { mistake: string } {
  const colon = text.lastIndexOf(':')
  if (colon === -1) return { mistake: `"${text}" must be SERVICE:PORT, for example redis:6379` }
  const name = text.slice(0, colon)
  const digits = text.slice(colon + 1)
  if (!DNS_LABEL.test(name))
    return { mistake: `"${text}": the service must be 1 to 63 of a-z, 0-9 and "-", as in redis:6379` }
  if (isReserved(name)) return { mistake: `"${text}": "${name}" is never a service; name the one to be reached` }
  const port = /^[1-9]\d{0,4}$/.test(digits) ? Number(digits) : 0
  if (port < 1 || port > 65_535)
    return { mistake: `"${text}": the local port must be a number from 1 to 65535, as in redis:6379` }
  return { name, port }
}
