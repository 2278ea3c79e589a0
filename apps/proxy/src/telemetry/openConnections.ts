// How many opaque TCP connections are open between whom: they may last for days, and say nothing at their beginning.
import type { SeriesLabels } from '../interfaces.ts'
import type { Row } from './collected.ts'
import type { Gauges } from './counted.ts'

export class OpenConnections {
  readonly #open = new Map<string, { labels: Pick<SeriesLabels, 'side' | 'source' | 'destination'>; n: number }>()

  count({ side, source, destination }: Pick<SeriesLabels, 'side' | 'source' | 'destination'>, change: number): void {
    const key = `${side}\n${source}\n${destination}`
    const known = this.#open.get(key) ?? { labels: { side, source, destination }, n: 0 }
    known.n += change
    if (known.n > 0) this.#open.set(key, known)
    else this.#open.delete(key)
  }

  gauges(): Gauges['open'] {
    return Array.from(this.#open.values(), ({ labels, n }) => ({ ...labels, n }))
  }

  rows(): Row[] {
    return Array.from(this.#open.values(), ({ labels, n }): Row => [labels, n])
  }
}
