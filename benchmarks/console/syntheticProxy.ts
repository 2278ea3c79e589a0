// A proxy's side of the control plane without a proxy: it joins, connects and reports with the proxy's own code, and what
// it reports is made up. A client only, so that nobody is sent to it; its row in the registry goes an hour after it ends.
import { randomBytes, randomUUID } from 'node:crypto'
import { openLink } from '@heddle/proxy/control/link'
import { join } from '@heddle/proxy/identity/join'
import { newKey } from '@heddle/proxy/identity/key'
import type { FinishedRequest, Log } from '@heddle/proxy/interfaces'
import { AccessLog } from '@heddle/proxy/telemetry/accessLog'
import { Recorder } from '@heddle/proxy/telemetry/recorder'
import { Reports } from '@heddle/proxy/telemetry/reports'
import { systemClock } from '@heddle/shared/clock'
import { type DownMessage, downMessageSchema, PROTOCOL_VERSION, type UpMessage } from '@heddle/shared/wire/messages'

const DAY_MS = 86_400_000
const silent: Log = { info() {}, warn() {}, error() {} }

export interface SyntheticProxy extends AsyncDisposable {
  report(calls: Iterable<FinishedRequest>): void
  /** Reports that were committed. */
  acknowledged(): number
}

/** Resolves once the control plane has sent it its configuration. */
export async function startSyntheticProxy(service: string, control: string, token: string): Promise<SyntheticProxy> {
  const own = { key: newKey(), service, instance: `${service}-v1-9-${letters(4)}` }
  const hostId = randomUUID()
  const certificate = await join({
    controls: [control],
    token,
    own,
    version: 'v1',
    advertisedHost: null,
    hostId,
    now: systemClock.now,
    log: silent,
  })
  const bootId = randomUUID()
  const reports = new Reports(bootId)
  const recorder = new Recorder(systemClock, silent, new AccessLog(silent, Math.random))
  let acknowledged = 0
  const inForce = Promise.withResolvers<void>()
  const withdrawn = Promise.withResolvers<void>()
  const act = (message: DownMessage): void => {
    if (message.type === 'snapshot' || message.type === 'delta') {
      send({ type: 'ack', epoch: message.epoch, revision: message.revision })
      inForce.resolve()
    } else if (message.type === 'metrics_ack') {
      acknowledged++
      reports.acknowledged(message.bootId, message.sequence)
    } else if (message.type === 'withdrawn') withdrawn.resolve()
  }
  const link = openLink({
    url: control,
    material: {
      generation: 1,
      key: own.key.pem,
      chain: certificate.chain,
      roots: certificate.roots,
      trustDomain: certificate.trustDomain,
      notAfter: systemClock.now() + DAY_MS,
    },
    monotonic: systemClock.monotonic,
    onOpen: () =>
      send({
        type: 'hello',
        protocol: PROTOCOL_VERSION,
        bootId,
        held: null,
        wants: [],
        inbound: null,
        outbound: 4_140,
        admin: 4_191,
        hostId,
        ready: true,
        build: 'bench',
      }),
    onText: (text) => act(downMessageSchema.parse(JSON.parse(text))),
    onClosed: (reason) => {
      inForce.reject(new Error(`the synthetic proxy of ${service} was disconnected: ${reason}`))
      withdrawn.resolve()
    },
  })
  const send = (message: UpMessage): void => void link.send(JSON.stringify(message))
  await inForce.promise
  return {
    report(calls) {
      for (const call of calls) recorder.finished(call)
      const now = systemClock.monotonic()
      for (const contents of recorder.drain()) reports.add(contents, now)
      for (const message of reports.take(now)) link.send(message)
    },
    acknowledged: () => acknowledged,
    async [Symbol.asyncDispose]() {
      send({ type: 'withdraw' })
      await withdrawn.promise
      link.close(1000, 'leaving')
    },
  }
}

function letters(count: number): string {
  return [...randomBytes(count)].map((byte) => String.fromCharCode(97 + (byte % 26))).join('')
}
