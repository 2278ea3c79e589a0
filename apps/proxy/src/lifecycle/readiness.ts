// What this instance still waits for before it takes traffic: one set, shown by /ready and told to the control plane.

export class Readiness {
  readonly #awaited = new Map<string, string>()

  /** `what` stands in the way, because of `reason`. */
  await(what: string, reason = ''): void {
    this.#awaited.set(what, reason)
  }

  met(what: string): void {
    this.#awaited.delete(what)
  }

  get isReady(): boolean {
    return this.#awaited.size === 0
  }

  /** In words, in the order in which they came up. */
  awaited(): string[] {
    return Array.from(this.#awaited, ([what, reason]) => (reason === '' ? what : `${what}: ${reason}`))
  }
}
