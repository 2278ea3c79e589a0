// Where a port is listened on, from /proc/net: an app that listens beyond loopback can be called around the mesh.
import { readFileSync } from 'node:fs'

/** State LISTEN in /proc/net/tcp (include/net/tcp_states.h). */
const LISTEN = '0A'

/** Addresses beyond loopback among those that listen on `port`. `table` is the text of /proc/net/tcp or tcp6. Pure. */
export function exposedListeners(table: string, port: number): string[] {
  return table
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local = '', , state] = line.trim().split(/\s+/)
      const [address = '', hexPort = ''] = local.split(':')
      return state === LISTEN && Number.parseInt(hexPort, 16) === port && !isLoopback(address)
        ? [readable(address)]
        : []
    })
}

/** The kernel prints each 32-bit word in host order, which is little-endian on every platform that we run on. */
function isLoopback(hex: string): boolean {
  if (hex.length === 8) return hex.endsWith('7F')
  return (
    hex === '00000000000000000000000001000000' ||
    (hex.slice(0, 24) === '0000000000000000FFFF0000' && hex.endsWith('7F'))
  )
}

function readable(hex: string): string {
  if (/^0+$/.test(hex)) return hex.length === 8 ? '0.0.0.0' : '::'
  const words = hex.match(/.{8}/g) ?? []
  const bytes = words.flatMap((word) => (word.match(/../g) ?? []).reverse())
  if (bytes.length === 4) return bytes.map((byte) => Number.parseInt(byte, 16)).join('.')
  return (bytes.join('').match(/.{4}/g) ?? []).map((group) => group.replace(/^0+(?=.)/, '').toLowerCase()).join(':')
}

/** `undefined` while nothing listens there, or where the platform has no /proc/net. */
export function findExposure(port: number): string[] | undefined {
  let isListening = false
  const exposed = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) => {
    try {
      const table = readFileSync(path, 'utf8')
      isListening ||= new RegExp(`:${port.toString(16).toUpperCase().padStart(4, '0')} \\S+ ${LISTEN} `).test(table)
      return exposedListeners(table, port)
    } catch {
      return []
    }
  })
  return isListening ? exposed : undefined
}
