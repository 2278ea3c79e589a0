// When a page is there: nothing that it asked for is open, and its main thread has nothing left to do that might ask.
import type { Page, Request } from '@playwright/test'

/** Longer than this is a fault of the page. */
export const PAGE_MS = 60_000
/** In the page: resolves when the browser has painted and was idle before and after. */
const IDLE = `new Promise((resolve) =>
  requestIdleCallback(() => requestAnimationFrame(() => requestIdleCallback(() => resolve(null)))))`

/** The live stream of a page never ends. */
const isStream = (request: Request): boolean => request.resourceType() === 'eventsource'

/** Follows a page's requests from here on. */
export class OpenRequests implements Disposable {
  readonly #page: Page
  readonly #open = new Set<Request>()
  #begun = 0
  readonly #begin = (request: Request): void => {
    if (isStream(request)) return
    this.#open.add(request)
    this.#begun++
  }
  readonly #end = (request: Request): void => void this.#open.delete(request)

  constructor(page: Page) {
    this.#page = page
    page.on('request', this.#begin).on('requestfinished', this.#end).on('requestfailed', this.#end)
  }

  /** Resolves with what is open still: nothing, unless the page did not come to rest in time. */
  async settled(): Promise<Request[]> {
    const giveUpAt = performance.now() + PAGE_MS
    while (performance.now() < giveUpAt) {
      const before = this.#begun
      await this.#page.evaluate(IDLE)
      if (this.#open.size === 0 && this.#begun === before) return []
      const [first] = this.#open
      if (first !== undefined) await Promise.race([first.response().then((r) => r?.finished()), timeout(giveUpAt)])
    }
    return [...this.#open]
  }

  [Symbol.dispose](): void {
    this.#page.off('request', this.#begin).off('requestfinished', this.#end).off('requestfailed', this.#end)
  }
}

const timeout = (at: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, at - performance.now())).unref())
