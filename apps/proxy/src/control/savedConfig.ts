// The file that a proxy starts from when no control plane is there: config, the list of control planes, and what was
// revoked. Written a moment after a change, so that a burst of them is one write.
import { z } from 'zod'
import type { StateDirectory } from '../state/stateDirectory.ts'
import { storedConfigSchema } from './configStore.ts'

/** A change waits this long for others. */
const DEBOUNCE_MS = 500

export const savedConfigSchema = z.object({
  config: storedConfigSchema.nullable(),
  controls: z.array(z.string()).max(100),
  revoked: z.object({ identities: z.array(z.string()), instances: z.array(z.string()) }),
})
export type SavedConfig = z.infer<typeof savedConfigSchema>

export class ConfigSaver implements AsyncDisposable {
  readonly #state: StateDirectory
  readonly #text: () => string
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<unknown> = Promise.resolve()

  /** `text`: what `savedConfigSchema` reads, as JSON. */
  constructor(state: StateDirectory, text: () => string) {
    this.#state = state
    this.#text = text
  }

  /** Something changed. */
  changed(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#write()
    }, DEBOUNCE_MS)
  }

  /** Writes what waits. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#timer !== undefined) {
      clearTimeout(this.#timer)
      this.#timer = undefined
      this.#write()
    }
    await this.#writing
  }

  #write(): void {
    // One after another: both would write beside the same file.
    this.#writing = this.#writing.then(() => this.#state.writeSnapshot(this.#text()))
  }
}
