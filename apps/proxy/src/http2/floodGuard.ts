// Floods (research of 2019 to 2025: CVE-2019-9511 to 9518, CVE-2023-44487 "rapid reset", CVE-2025-8671 "MadeYouReset"): each
// of their frames is allowed, and only their number is not. Counted for one connection, by the time that comes with the bytes.
import { calm, type Fault } from './fault.ts'
import type { Allowance, ConnectionLimits } from './limits.ts'

/** Envoy's: of each stream some, and of each frame of DATA that we sent ten. */
const WINDOW_UPDATES_AT_FIRST = 100
const WINDOW_UPDATES_PER_STREAM = 2
const WINDOW_UPDATES_PER_DATA = 10
/** Data cut smaller than this by the peer's window, with more waiting, is a drop. */
export const DROP_BYTES = 256

export class FloodGuard {
  readonly #failedStreams: Bucket
  readonly #idleFrames: Bucket
  #windowUpdatesLeft = WINDOW_UPDATES_AT_FIRST

  constructor({ failedStreams, idleFrames }: Pick<ConnectionLimits, 'failedStreams' | 'idleFrames'>) {
    this.#failedStreams = new Bucket(failedStreams)
    this.#idleFrames = new Bucket(idleFrames)
  }

  streamFailed(nowMs: number): Fault | undefined {
    return this.#failedStreams.take(nowMs) ? undefined : calm('too many streams that come to nothing')
  }

  idleFrame(nowMs: number): Fault | undefined {
    return this.#idleFrames.take(nowMs) ? undefined : calm('too many frames that bring nothing')
  }

  windowUpdate(): Fault | undefined {
    return --this.#windowUpdatesLeft >= 0 ? undefined : calm('more WINDOW_UPDATE than there is data')
  }

  streamOpened(): void {
    this.#windowUpdatesLeft += WINDOW_UPDATES_PER_STREAM
  }

  /** Whoever measures a path sends a PING for some of the data (gRPC does): a frame of it pays for one. */
  dataReceived(): void {
    this.#idleFrames.giveBack()
  }

  dataSent(): void {
    this.#idleFrames.giveBack()
    this.#windowUpdatesLeft += WINDOW_UPDATES_PER_DATA
  }
}

class Bucket {
  readonly #allowance: Allowance
  #left: number
  #filledAtMs: number | null = null

  constructor(allowance: Allowance) {
    this.#allowance = allowance
    this.#left = allowance.burst
  }

  take(nowMs: number): boolean {
    const { burst, perSecond } = this.#allowance
    const passedMs = Math.max(0, nowMs - (this.#filledAtMs ?? nowMs))
    this.#left = Math.min(burst, this.#left + (passedMs * perSecond) / 1_000)
    this.#filledAtMs = nowMs
    if (this.#left < 1) return false
    this.#left--
    return true
  }

  giveBack(): void {
    this.#left = Math.min(this.#allowance.burst, this.#left + 1)
  }
}
