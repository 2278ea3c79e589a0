// One data path in a worker, with what the control side is to it here: config, identity and log that come and go as
// messages, and counts that are sent each second.
import type { Clock } from '@heddle/shared/clock'
import { type ConfigMessage, ConfigStore } from '../control/configStore.ts'
import { EjectionReport } from '../control/ejectionReport.ts'
import type { Revoked } from '../identity/peers.ts'
import type { TlsMaterial } from '../interfaces.ts'
import { errorCode, messageOf, portOf } from '../lifecycle/startError.ts'
import { createDataPath, type DataPath } from '../path/dataPath.ts'
import { AccessLog } from '../telemetry/accessLog.ts'
import { JsonLog } from '../telemetry/log.ts'
import { Recorder } from '../telemetry/recorder.ts'
import { ownUsage } from '../telemetry/usage.ts'
import type { FromWorker, Start, Started } from './messages.ts'
import { WorkerIdentity } from './workerIdentity.ts'

/** What a worker that dies has counted since is lost with it. */
const COUNT_MS = 1_000

export interface ServingParts {
  send: (message: FromWorker) => void
  clock: Clock
  random: () => number
}

export class Serving {
  readonly log = new JsonLog()
  readonly #parts: ServingParts
  readonly #store: ConfigStore
  readonly #identity: WorkerIdentity
  readonly #recorder: Recorder
  readonly #path: DataPath
  readonly #ejections: EjectionReport
  #timer: NodeJS.Timeout | undefined
  #linesDropped = 0

  constructor(start: Start, parts: ServingParts) {
    const { send, clock, random } = parts
    const { worker, settings, config, material, revoked } = start
    const sink = { write: (lines: string) => send({ type: 'log', lines }), close: () => {} }
    this.#parts = parts
    this.log.open(sink, { instance: settings.instance, worker })
    this.#identity = new WorkerIdentity(material, revoked, clock)
    const accessLog = new AccessLog(this.log, random)
    this.#recorder = new Recorder(clock, this.log, accessLog)
    this.#store = new ConfigStore(settings.service, (names) => send({ type: 'subscribe', names }), this.log)
    this.#store.onChange((changed) => {
      if (changed.has('mesh')) accessLog.sample = this.#store.mesh?.accessLogSample ?? 0
    })
    if (config !== null) this.#store.restore(config)
    const given = { view: this.#store, identity: this.#identity, telemetry: this.#recorder, log: this.log }
    this.#path = createDataPath({ ...given, clock, random, settings })
    this.#ejections = new EjectionReport(this.#path.ejections, (endpoints) => {
      send({ type: 'ejections', endpoints })
      return true
    })
  }

  async listen(): Promise<Started> {
    try {
      const { upstreams, ...bound } = await this.#path.listen()
      this.#timer = setInterval(() => {
        this.count()
        this.#ejections.tick()
      }, COUNT_MS)
      return { type: 'listening', bound: { ...bound, upstreams: [...upstreams] } }
    } catch (error) {
      return { type: 'failed', message: messageOf(error), code: errorCode(error) ?? null, port: portOf(error) ?? null }
    }
  }

  configure(message: ConfigMessage): void {
    const verdict = this.#store.apply(message)
    if (verdict.apply) return
    if ('refused' in verdict) this.log.error('config of the primary was refused', { reason: verdict.refused })
    else this.#parts.send({ type: 'behind' })
  }

  renew(material: TlsMaterial): void {
    this.#identity.replace(material)
  }

  revoke(revoked: Revoked): void {
    this.#identity.revoke(revoked)
  }

  count(): void {
    const linesDropped = this.log.dropped - this.#linesDropped
    this.#linesDropped += linesDropped
    this.#parts.send({ type: 'counted', counted: this.#recorder.take(), usage: ownUsage(), linesDropped })
  }

  drain(deadlineMs: number): Promise<void> {
    return this.#path.drain(deadlineMs)
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#path.close()
    this.count()
    this.log.flush()
  }
}
