// Where the inbound port listens: on loopback where the whole mesh is this machine, else on every interface.
import { isIPv6 } from 'node:net'
import { isLoopback } from '@heddle/shared/loopback'
import type { ProxyConfig } from '../config.ts'
import { controlAddress } from './controlPeer.ts'

/** The address to listen on. Peers prove who they are, so that every interface is no more open than one. */
export function inboundAddress({ advertise, controls }: Pick<ProxyConfig, 'advertise' | 'controls'>): string {
  const reachedBy = advertise === null ? controls.map((url) => controlAddress(url).host) : [advertise.host]
  const hasIPv6 = reachedBy.some((host) => isIPv6(host))
  if (reachedBy.every(isLoopback)) return hasIPv6 ? '::1' : '127.0.0.1'
  return hasIPv6 ? '::' : '0.0.0.0'
}

/**
 * The host that others are told; null: the local address of the connection to the control plane. "localhost" may be
 * dialled as ::1 where we listen on 127.0.0.1.
 */
export function advertisedHost({ advertise }: Pick<ProxyConfig, 'advertise'>, listenAddress: string): string | null {
  return advertise?.host ?? (isLoopback(listenAddress) ? listenAddress : null)
}
