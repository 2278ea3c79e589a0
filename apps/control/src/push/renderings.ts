// Each document rendered once and serialised once for all who hold it. A rendering is replaced only when its text
// differs, so that "is it the same object" tells whether a proxy needs it.
import type { WireDocument } from '@heddle/shared/wire/config'
import { parseDocumentName } from '../render/affected.ts'
import { endpointsNeeded, endpointsVariant } from '../render/documents.ts'
import type { MeshModel } from '../render/model.ts'
import { renderDocument } from '../render/render.ts'

export interface Rendering {
  /** Grows with each rendering: tells two frames with the same documents from others. */
  readonly id: number
  /** Name of the document. */
  readonly name: string
  readonly text: string
  /** For a destination: services whose endpoints its holder needs too. */
  readonly needs: readonly string[]
  /** For a destination: the mesh has no such name. */
  readonly isDenied: boolean
}

interface Variants {
  /** By host id; '' for the common one. */
  byHost: Map<string, Rendering>
  stale: Set<string>
}

export class Renderings {
  readonly #model: MeshModel
  readonly #names = new Map<string, Variants>()
  #nextId = 1

  constructor(model: MeshModel) {
    this.#model = model
  }

  /** The rendering for proxies on `hostId`, made anew where it was invalidated and its text has changed. */
  current(name: string, hostId: string): Rendering {
    const parsed = parseDocumentName(name)
    if (parsed === undefined) throw new RangeError(`not a document: ${name}`)
    const host = parsed.kind === 'endpoints' ? endpointsVariant(this.#model, parsed.service, hostId) : null
    const key = host ?? ''
    let variants = this.#names.get(name)
    if (variants === undefined) {
      variants = { byHost: new Map(), stale: new Set() }
      this.#names.set(name, variants)
    }
    const before = variants.byHost.get(key)
    if (before !== undefined && !variants.stale.has(key)) return before
    variants.stale.delete(key)
    const document = renderDocument(this.#model, parsed, host)
    const text = JSON.stringify(document)
    if (before?.text === text) return before
    const rendering = {
      id: this.#nextId++,
      name,
      text,
      needs: document.kind === 'destination' ? endpointsNeeded(document) : [],
      isDenied: isDenied(document),
    }
    variants.byHost.set(key, rendering)
    return rendering
  }

  /** The model changed in a way that can show in this document. */
  invalidate(name: string): void {
    const variants = this.#names.get(name)
    if (variants !== undefined) for (const key of variants.byHost.keys()) variants.stale.add(key)
  }

  /** Nobody holds it any more. */
  forget(name: string): void {
    this.#names.delete(name)
  }

  get size(): number {
    return this.#names.size
  }
}

function isDenied(document: WireDocument): boolean {
  return document.kind === 'destination' && document.service === null
}
