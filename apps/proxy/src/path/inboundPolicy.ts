// The rules, routes and limits for calls to our application, compiled once for each document and swapped whole: no
// request is judged by half of one and half of the next.
import type { InboundDocument } from '@heddle/shared/wire/config'
import { type AccessTable, compileAccess } from '../access/compile.ts'
import type { MeshView } from '../interfaces.ts'
import { RateLimiter } from '../resilience/rateLimit.ts'
import { compileRoutes, type RouteTable } from '../route/compile.ts'

export interface Policy {
  readonly protocol: InboundDocument['settings']['protocol']
  readonly access: AccessTable
  readonly routes: RouteTable
  readonly limiter: RateLimiter
}

export class InboundPolicy {
  readonly #view: MeshView
  readonly #share: number
  #document: InboundDocument | null = null
  #policy: Policy | undefined

  /** `share` in (0, 1]: the part of the instance's limits that this process gives out. */
  constructor(view: MeshView, share: number) {
    this.#view = view
    this.#share = share
  }

  /** undefined: none has come yet. @throws Error where it cannot be compiled; the view refuses such documents. */
  current(): Policy | undefined {
    const document = this.#view.inbound
    if (document === null) return undefined
    if (document !== this.#document) {
      const { limits, protocol } = document.settings
      const limiter = this.#policy?.limiter ?? new RateLimiter(limits, this.#share)
      limiter.configure(limits, this.#share)
      this.#policy = {
        protocol,
        access: compileAccess(document.rules, document.defaultAccess),
        routes: compileRoutes(document.routes),
        limiter,
      }
      this.#document = document
    }
    return this.#policy
  }
}
