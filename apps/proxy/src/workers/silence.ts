// Whether a worker hangs. One that serves says what it has counted each second, without being asked, so that its silence
// is enough to tell. What is counted is looks, not time: a machine that slept, or a primary that was stopped, has looked
// once. Pure.

/** Between two looks. */
export const LOOK_MS = 1_000
/** Far above what a busy processor or a long collection takes; what hangs costs its connections that much at most. */
const MOST_LOOKS = 10
/** Until it serves, while its program is loaded. */
const MOST_LOOKS_STARTING = 60

export class Silence {
  #looks = 0

  /** Something was heard of it. */
  broken(): void {
    this.#looks = 0
  }

  /** One more look; true: it hangs. */
  look(isStarting: boolean): boolean {
    this.#looks++
    return this.#looks > (isStarting ? MOST_LOOKS_STARTING : MOST_LOOKS)
  }
}
