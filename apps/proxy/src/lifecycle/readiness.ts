// What this instance still waits for before it takes traffic: one set, shown by /ready and told to the control plane.

export class Readiness {
  readonly #awaited = new Map<string, string>()
  #isLeaving = false

  /** `what` stands in the way, because of `reason`. */
  await(what: string, reason = ''): void {
    this.#awaited.set(what, reason)
  }

  met(what: string): void {
    this.#awaited.delete(what)
  }

  /** Nothing makes this instance ready again. */
  leave(): void {
    this.#isLeaving = true
  }

  get isReady(): boolean {
    return this.#awaited.size === 0 && !this.#isLeaving
  }

  /** What stands in the way, a sentence each, in the order in which it came up; empty: ready. */
  obstacles(): string[] {
    if (this.#isLeaving) return ['this instance is leaving']
    return Array.from(this.#awaited, ([what, reason]) => `waiting for ${what}${reason === '' ? '' : `: ${reason}`}`)
  }
}
