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

/** This process is the whole of its instance. */
const SHARE = 1

export class InboundPolicy {
  readonly #view: MeshView
  #document: InboundDocument | null = null
  #policy: Policy | undefined

  constructor(view: MeshView) {
    this.#view = view
  }

  /** undefined: none has come yet. @throws Error where it cannot be compiled; the view refuses such documents. */
  current(): Policy | undefined {
    const document = this.#view.inbound
    if (document === null) return undefined
    if (document !== this.#document) {
      const { limits, protocol } = document.settings
      const limiter = this.#policy?.limiter ?? new RateLimiter(limits, SHARE)
      limiter.configure(limits, SHARE)
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
