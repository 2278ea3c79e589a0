// Real calls through a caller's own proxy while a split is moved: who answered each of them, and from when on the answers
// are those of the new split.
import type { Page, TestInfo } from '@playwright/test'
import { z } from 'zod'
import { call } from '../../../tests/harness/load.ts'
import { read } from './api.ts'

export interface Answered {
  /** When it was asked, milliseconds since the epoch. */
  at: number
  isV2: boolean
  status: number
  /** The mesh's error code, or what broke; null where the service itself answered, whatever its status. */
  error: string | null
}

export interface Calls extends AsyncDisposable {
  readonly answered: readonly Answered[]
}

/** So many callers ask, each anew as soon as it has its answer: some hundred calls per second. */
const CALLERS = 4

/** Calls `GET /products` of the catalog as the storefront, until it is disposed. */
export async function callCatalog(page: Page, headers: Record<string, string> = {}): Promise<Calls> {
  const mesh = await read(page, 'status.get', undefined, statusSchema)
  const storefront = mesh.proxies.find(({ service }) => service === 'storefront')
  if (storefront === undefined) throw new Error('no storefront runs')
  const answered: Answered[] = []
  let isOver = false
  const callers = Array.from({ length: CALLERS }, async () => {
    while (!isOver) {
      const at = Date.now()
      const { body, status, error } = await call({
        port: storefront.outbound,
        host: 'catalog',
        path: '/products',
        headers,
      })
      answered.push({ at, isV2: body.includes('"version":"v2"'), status, error })
    }
  })
  return {
    answered,
    async [Symbol.asyncDispose]() {
      isOver = true
      await Promise.all(callers)
    },
  }
}

const statusSchema = z.object({ proxies: z.array(z.object({ service: z.string(), outbound: z.number() })) })

/** Neither split is taken for certain: v2 fails now and then, and a repeated call may end at v1. */
const DOUBT = 0.03

/** Index of the first answer of the new split: the cut that explains the answers on both of its sides best. */
export function turningPoint(answers: readonly Pick<Answered, 'isV2'>[], before: number, after: number): number {
  const chance = (share: number, isV2: boolean) => {
    const v2 = Math.min(1 - DOUBT, Math.max(DOUBT, share / 100))
    return isV2 ? v2 : 1 - v2
  }
  let [gain, best, turn] = [0, 0, answers.length]
  for (let i = answers.length - 1; i >= 0; i--) {
    const isV2 = answers[i]?.isV2 ?? false
    gain += Math.log(chance(after, isV2) / chance(before, isV2))
    if (gain <= best) continue
    best = gain
    turn = i
  }
  return turn
}

/** Percent of calls that v2 answered, of those without a fault: one in 25 it fails, and does not say then who it is. */
export function shareOf(answers: readonly Answered[]): number {
  const told = answers.filter(({ status }) => status < 500)
  return (100 * told.filter(({ isV2 }) => isV2).length) / told.length
}

/** Notes a measured time in the report, and prints it. */
export function noteTime(info: TestInfo, what: string, ms: number): void {
  info.annotations.push({ type: what, description: `${ms} ms` })
  process.stdout.write(`    ${what}: ${ms} ms\n`)
}
