// Snapshot and delta as text, put together from documents that are serialised already.
import type { Rendering } from './renderings.ts'

export interface Numbered {
  epoch: number
  revision: number
}

/** A later epoch wins whatever its revision. */
export const isOlder = (a: Numbered, b: Numbered): boolean => (a.epoch - b.epoch || a.revision - b.revision) < 0

const texts = (documents: readonly Rendering[]): string => documents.map(({ text }) => text).join(',')

export function snapshotFrame({ epoch, revision }: Numbered, documents: readonly Rendering[]): string {
  return `{"type":"snapshot","epoch":${epoch},"revision":${revision},"documents":[${texts(documents)}]}`
}

export function deltaFrame(
  { epoch, revision }: Numbered,
  base: number,
  documents: readonly Rendering[],
  removed: readonly string[],
): string {
  return (
    `{"type":"delta","epoch":${epoch},"base":${base},"revision":${revision},` +
    `"documents":[${texts(documents)}],"removed":${JSON.stringify(removed)}}`
  )
}

/** Frames of one round of pushes: proxies that hold the same get the same bytes, made once. */
export class FrameCache {
  readonly #frames = new Map<string, Buffer>()

  get(key: string, make: () => string): Buffer {
    let frame = this.#frames.get(key)
    if (frame === undefined) {
      frame = Buffer.from(make())
      this.#frames.set(key, frame)
    }
    return frame
  }

  clear(): void {
    this.#frames.clear()
  }
}
