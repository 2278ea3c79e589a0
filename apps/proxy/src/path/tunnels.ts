// CONNECT on the outbound port. To a mesh name only HTTP is carried, and takes the path of every request; to a host
// outside, plain HTTP does so too where it can be told apart, and everything else passes unseen, counted as one call.
import { EGRESS_DESTINATION } from '@heddle/shared/names'
import { egressFailure } from '../forward/egress.ts'
import type { MeshView } from '../interfaces.ts'
import type { Tunnel } from '../listen/tunnel.ts'
import { classifyHost } from '../route/hostName.ts'
import type { Admission } from './admission.ts'
import type { EgressParts } from './egress.ts'

const HTTP_PORT = 80
const HTTPS_PORT = 443

export interface TunnelParts extends EgressParts {
  admission: Admission
  view: MeshView
  service: string
}

export async function serveTunnel(tunnel: Tunnel, parts: TunnelParts): Promise<void> {
  const host = classifyHost(tunnel.host)
  if (host.kind === 'egress') return serveEgressTunnel(tunnel, host.host, parts)
  tunnel.accept()
  const words = await tunnel.firstWords()
  if (words === undefined) return
  if (words === 'http' || words === 'http2') return tunnel.serveHttp()
  const call = parts.admission.open(tunnel.exchange, 'outbound', parts.service)
  const known = host.kind === 'service' ? parts.view.destination(host.name) : undefined
  call?.describe({ destination: known?.service ?? '-' })
  parts.log.warn('protocol refused in a tunnel', { host: host.kind === 'service' ? host.name : host.host, words })
  if (known?.settings.protocol === 'tcp') return call?.refuse('protocol_mismatch', `${known.service} is protocol: tcp`)
  call?.refuse(
    'protocol_unsupported',
    words === 'tls'
      ? `call http://${tunnel.host}: the mesh encrypts by itself`
      : `only HTTP is carried to ${tunnel.host}`,
  )
}

async function serveEgressTunnel(tunnel: Tunnel, host: string, parts: TunnelParts): Promise<void> {
  const { egress } = parts
  const port = tunnel.port ?? HTTPS_PORT
  // A client shows why a CONNECT for https was refused; for anything else it is told inside, if it speaks HTTP there.
  const isAnsweredLate = port === HTTPS_PORT
  if (!isAnsweredLate) {
    tunnel.accept()
    if (port === HTTP_PORT || !egress.isAllowed(host, port)) {
      const words = await tunnel.firstWords()
      if (words === undefined) return
      if (words === 'http') return tunnel.serveHttp()
    }
  }
  const call = parts.admission.open(tunnel.exchange, 'outbound', parts.service)
  if (call === undefined) return
  call.describe({ destination: EGRESS_DESTINATION, upstream: `${host}:${port}` })
  if (!egress.isAllowed(host, port)) return call.refuse('egress_denied', `${host}:${port}`)
  const outside = await egress.dial(host, port).catch((error: unknown) => egressFailure(error))
  if ('kind' in outside) {
    parts.log.warn('egress failed', { host, port, cause: outside.cause.message })
    return call.refuse(outside.code, `${host}:${port}`)
  }
  if (call.isOver) {
    outside.destroy()
    return
  }
  if (isAnsweredLate) tunnel.accept()
  call.opened()
  call.tunnel(tunnel.stream(), outside)
}
