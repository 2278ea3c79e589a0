// Where the inbound port listens: on loopback where the whole mesh is this machine, else on every interface.
import { isIPv6 } from 'node:net'
import type { ProxyConfig } from '../config.ts'
import { controlAddress } from './controlPeer.ts'

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^(?:::ffff:)?127\./.test(host)
}

export function inboundAddress({ advertise, controls }: Pick<ProxyConfig, 'advertise' | 'controls'>): string {
  if (advertise !== null) {
    if (isLoopback(advertise.host)) return advertise.host === '::1' ? '::1' : '127.0.0.1'
    return isIPv6(advertise.host) ? '::' : '0.0.0.0'
  }
  return controls.every((url) => isLoopback(controlAddress(url).host)) ? '127.0.0.1' : '0.0.0.0'
}
