// access.mostCalled: what a caller asks of a service most, as a question for the tester.
import { type RecordedPattern, readPatterns } from '@heddle/db'
import { HTTP_METHODS } from '@heddle/shared/resources/httpRouteTerms'
import type { z } from 'zod'
import type { Console } from '../console.ts'
import { resolveRange } from '../metrics/range.ts'
import type { accessMostCalledInputSchema, accessMostCalledOutputSchema } from '../schemas/accessPreview.ts'
import { HOUR_MS } from './preview.ts'

type MostCalled = z.infer<typeof accessMostCalledOutputSchema>

const METHODS: ReadonlySet<string> = new Set(HTTP_METHODS)
/** In place of what was recorded as `*`: the shortest text that is recorded so. */
const SOME_ID = '1'

/** Patterns are kept by the hour: the range is widened to whole ones. */
export async function mostCalled(
  console: Console,
  { caller, service, range }: z.infer<typeof accessMostCalledInputSchema>,
): Promise<MostCalled> {
  const read = resolveRange(range, console.control.now())
  const from = Math.floor(read.from / HOUR_MS) * HOUR_MS
  return mostCalledOf(await console.pulse.read(() => readPatterns(console.db, { service, from, to: read.to })), caller)
}

/** null: no call of it is recorded that a request can be made of, as of a TCP connection. Pure. */
export function mostCalledOf(
  patterns: readonly Pick<RecordedPattern, 'source' | 'method' | 'path' | 'calls'>[],
  caller: string,
): MostCalled {
  const calls = new Map<string, NonNullable<MostCalled>>()
  for (const { source, method, path, calls: count } of patterns) {
    if (source !== caller || !METHODS.has(method) || !path.startsWith('/')) continue
    const key = `${method} ${path}`
    // One pattern may have been called on several routes.
    const known = calls.get(key) ?? { method, path: path.replaceAll('*', SOME_ID), calls: 0 }
    known.calls += count
    calls.set(key, known)
  }
  return [...calls.values()].toSorted((a, b) => b.calls - a.calls)[0] ?? null
}
