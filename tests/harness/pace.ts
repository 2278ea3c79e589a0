// Load of many requests through a proxy's outbound port, of which only sums are kept: as many at once as are wanted, or so
// many a second whether answers come or not. Bounded in time.
import { type Call, call } from './load.ts'

export interface Paced {
  requests: number
  /** Answers of 5xx and calls without an answer. */
  failed: number
  /** Their kinds, with how many there were. */
  failures: Record<string, number>
  perSecond: number
  /** How late the latest request left. */
  latestMs: number
}

export class Pace {
  readonly #next: (i: number) => Call

  constructor(next: (i: number) => Call) {
    this.#next = next
  }

  /** `concurrency` requests at any time. */
  async closed({ concurrency, durationMs }: { concurrency: number; durationMs: number }): Promise<Paced> {
    const sums = new Sums()
    const end = sums.beganAtMs + durationMs
    const one = async (): Promise<void> => {
      while (performance.now() < end) await sums.count(call(this.#next(sums.requests)))
    }
    await Promise.all(Array.from({ length: concurrency }, one))
    return sums.paced()
  }

  /** `rate` requests a second, by the clock; waits for the last answers. */
  async open({ rate, durationMs }: { rate: number; durationMs: number }): Promise<Paced> {
    const sums = new Sums()
    const open = new Set<Promise<void>>()
    const send = (): void => {
      const elapsed = Math.min(performance.now() - sums.beganAtMs, durationMs)
      while (sums.requests < Math.floor((elapsed / 1_000) * rate)) {
        sums.note(elapsed - (sums.requests / rate) * 1_000)
        const answered = sums.count(call(this.#next(sums.requests))).then(() => void open.delete(answered))
        open.add(answered)
      }
    }
    await new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        send()
        if (performance.now() - sums.beganAtMs < durationMs) return
        clearInterval(timer)
        resolve()
      }, 5)
    })
    await Promise.all(open)
    return sums.paced()
  }
}

class Sums {
  readonly beganAtMs = performance.now()
  requests = 0
  #failed = 0
  #latestMs = 0
  readonly #failures: Record<string, number> = {}

  note(lateMs: number): void {
    this.#latestMs = Math.max(this.#latestMs, lateMs)
  }

  async count(answering: ReturnType<typeof call>): Promise<void> {
    this.requests++
    const { status, error } = await answering
    if (status > 0 && status < 500) return
    this.#failed++
    const kind = `${status} ${error ?? ''}`
    this.#failures[kind] = (this.#failures[kind] ?? 0) + 1
  }

  paced(): Paced {
    const perSecond = (this.requests * 1_000) / (performance.now() - this.beganAtMs)
    return {
      requests: this.requests,
      failed: this.#failed,
      failures: this.#failures,
      perSecond,
      latestMs: this.#latestMs,
    }
  }
}
