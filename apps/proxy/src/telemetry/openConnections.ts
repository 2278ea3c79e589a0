// How many opaque TCP connections are open between whom: they may last for days, and say nothing at their beginning.
import type { SeriesLabels } from '../interfaces.ts'
import type { Row } from './collected.ts'

export class OpenConnections {
  readonly #open = new Map<string, { labels: Record<string, string>; n: number }>()

  count({ side, source, destination }: SeriesLabels, change: 1 | -1): void {
    const key = `${side}\n${source}\n${destination}`
    const known = this.#open.get(key) ?? { labels: { side, source, destination }, n: 0 }
    known.n += change
    if (known.n > 0) this.#open.set(key, known)
    else this.#open.delete(key)
  }

  rows(): Row[] {
    return Array.from(this.#open.values(), ({ labels, n }): Row => [labels, n])
  }
}
