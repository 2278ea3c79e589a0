// What is seen of many things, by id: of hundreds that are read with each tick, only those are drawn anew that look
// otherwise. Pure but for those who listen.

/** Views by id; whoever shows one is told when it looks otherwise. */
export class Drawn<View> {
  #views: ReadonlyMap<string, View> = new Map()
  readonly #listeners = new Map<string, Set<() => void>>()
  readonly #isAlike: (a: View, b: View) => boolean

  constructor(isAlike: (a: View, b: View) => boolean) {
    this.#isAlike = isAlike
  }

  get(id: string): View | undefined {
    return this.#views.get(id)
  }

  onChange(id: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(id) ?? new Set()
    this.#listeners.set(id, listeners.add(listener))
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0 && this.#listeners.get(id) === listeners) this.#listeners.delete(id)
    }
  }

  tell(views: Iterable<readonly [string, View]>): void {
    const before = this.#views
    const kept = new Map<string, View>()
    const changed: string[] = []
    for (const [id, view] of views) {
      const last = before.get(id)
      const isKept = last !== undefined && this.#isAlike(last, view)
      kept.set(id, isKept ? last : view)
      if (!isKept) changed.push(id)
    }
    this.#views = kept
    for (const id of changed) for (const listener of [...(this.#listeners.get(id) ?? [])]) listener()
  }
}
