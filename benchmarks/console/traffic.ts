// Live traffic for the pages that are watched: a few synthetic proxies that report as running ones would, each at its own
// moment of every five seconds.
import { seededRandom } from '@heddle/testkit/random'
import { seedOf } from '../seed/draw.ts'
import type { TrafficPlan } from '../seed/plan.ts'
import { callsOf, chooseCallers } from './calls.ts'
import type { TrafficMeasure } from './measures.ts'
import { type SyntheticProxy, startSyntheticProxy } from './syntheticProxy.ts'

/** Enough to call a third of a thousand services: busy services call many others. */
export const CALLERS = 16
/** As proxies do. */
const REPORT_MS = 5_000

export interface Traffic extends AsyncDisposable {
  measure(): TrafficMeasure
}

/** `tokenFor`: a join token for a service. */
export async function startTraffic(
  plan: TrafficPlan,
  control: string,
  tokenFor: (service: string) => Promise<string>,
): Promise<Traffic> {
  const callers = [...chooseCallers(plan.edges, CALLERS)]
  const random = seededRandom(seedOf(1, Date.now()))
  const timers: NodeJS.Timeout[] = []
  const proxies: SyntheticProxy[] = []
  const end = async (): Promise<void> => {
    for (const timer of timers) clearInterval(timer)
    await Promise.allSettled(proxies.map((proxy) => proxy[Symbol.asyncDispose]()))
  }
  try {
    for (const [source] of callers) proxies.push(await startSyntheticProxy(source, control, await tokenFor(source)))
  } catch (error) {
    await end()
    throw error
  }
  for (const [i, [, edges]] of callers.entries()) {
    const report = (): void =>
      proxies[i]?.report(edges.flatMap((edge) => [...callsOf(edge, REPORT_MS / 1_000, random)]))
    timers.push(
      setTimeout(
        () => {
          report()
          timers.push(setInterval(report, REPORT_MS))
        },
        (i / callers.length) * REPORT_MS,
      ),
    )
  }
  return {
    measure: () => ({
      proxies: proxies.length,
      services: new Set(callers.flatMap(([, edges]) => edges.map(({ service }) => service.name))).size,
      reports: proxies.reduce((sum, proxy) => sum + proxy.acknowledged(), 0),
    }),
    [Symbol.asyncDispose]: end,
  }
}
