// Where a profile of V8 says that the time went. Pure.
import { z } from 'zod'

/** As the inspector's Profiler gives it, as far as it is read here. */
export const profileSchema = z.object({
  nodes: z.array(
    z.object({
      id: z.number(),
      callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.number() }),
    }),
  ),
  /** Ids of nodes, one for each sample, and the microseconds between them. */
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
})
export type Profile = z.infer<typeof profileSchema>

export interface Share {
  what: string
  /** Of the time that was not idle, 0 to 1. */
  share: number
}

/** Self time by `nameOf`, the greatest first. */
export function sharesOf({ nodes, samples, timeDeltas }: Profile, nameOf: (frame: Frame) => string): Share[] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  const times = new Map<string, number>()
  let busy = 0
  for (const [i, id] of samples.entries()) {
    const frame = frames.get(id)
    if (frame === undefined || frame.functionName === '(idle)') continue
    const time = timeDeltas[i] ?? 0
    busy += time
    const name = nameOf(frame)
    times.set(name, (times.get(name) ?? 0) + time)
  }
  return [...times]
    .map(([what, time]) => ({ what, share: busy === 0 ? 0 : time / busy }))
    .toSorted((a, b) => b.share - a.share)
}

type Frame = Profile['nodes'][number]['callFrame']

/** The function and where it is. */
export function functionOf({ functionName, url, lineNumber }: Frame): string {
  const name = functionName === '' ? '(anonymous)' : functionName
  return url === '' ? name : `${name} ${shortened(url)}:${lineNumber + 1}`
}

/** What part of the proxy, or of Node: a folder of ours, a module of Node's, or what the runtime itself did. */
export function partOf({ functionName, url }: Frame): string {
  const ours = /\/((?:apps|packages)\/[^/]+\/src)\/([^/]+)/.exec(url)
  if (ours !== null) return `${ours[1]}/${ours[2]}`
  if (url === '') return NATIVE.has(functionName) ? functionName : '(built in)'
  return shortened(url)
}

/** What V8 tells apart without a source. `(program)` is what runs outside JavaScript: TLS, system calls. */
const NATIVE = new Set(['(program)', '(garbage collector)', 'writev', 'writeBuffer', 'writeLatin1String', 'readStart'])

const shortened = (url: string): string => url.replace(/^.*\/(?=(?:apps|packages|node_modules)\/)/, '')
