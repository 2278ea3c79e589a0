// A number of calls over HTTP/2: so many connections, on each so many calls at a time, until all are answered. A loop of
// so many seconds would end with calls taken back, for which nginx closes its connections and has to shake hands anew in
// the next run.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { latencyOf } from '../latency.ts'
import { capture } from './capture.ts'
import { type Generated, GRACE_MS, type Target } from './generator.ts'

/** A slower machine than the numbers of calls are made for takes so many times as long. */
const PATIENCE = 8

export interface CallLoop {
  connections: number
  /** Calls at a time on each. */
  streams: number
  calls: number
  body: Buffer
  /** Octets of a whole answer's body: it looks at no trailers, and a call that has failed has none. */
  answerBytes: number
}

/** `seconds`: about what the calls should take. */
export async function h2load(
  { port, path, headers }: Target,
  { connections, streams, calls, body, answerBytes }: CallLoop,
  seconds: number,
  signal: AbortSignal,
): Promise<Generated> {
  const directory = mkdtempSync(join(tmpdir(), 'heddle-h2load-'))
  try {
    const [bodyFile, log] = [join(directory, 'body'), join(directory, 'log')]
    writeFileSync(bodyFile, body)
    const command = [
      ...['h2load', '--clients', `${connections}`, '--max-concurrent-streams', `${streams}`],
      ...['--requests', `${calls}`, '--data', bodyFile, '--log-file', log],
      ...Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]),
      `http://127.0.0.1:${port}${path}`,
    ]
    const printed = await capture(command, seconds * PATIENCE * 1_000 + GRACE_MS, signal)
    const { answered, ...generated } = readLog(readFileSync(log, 'utf8'))
    const requests = Math.min(answered, Math.floor(dataBytesIn(printed) / answerBytes))
    return { ...generated, requests, errors: calls - requests, latencies: [], lateness: null }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** What it says of all bodies together: "… 5.10MB (5345280) data". */
export function dataBytesIn(printed: string): number {
  return Number(/\((\d+)\) data$/m.exec(printed)?.[1] ?? Number.NaN)
}

interface Logged extends Pick<Generated, 'seconds' | 'latency'> {
  /** Answers of 200. */
  answered: number
}

/**
 * Lines of when it began (µs), status, and microseconds to the answer's end; the status is -1 where there is no answer. A
 * call that was never made has no line.
 */
export function readLog(text: string): Logged {
  const latencies: number[] = []
  let [first, last] = [Number.POSITIVE_INFINITY, 0]
  for (const row of text.split('\n').filter((line) => line !== '')) {
    const [began, status, micros] = row.split('\t').map(Number)
    if (began === undefined || micros === undefined) continue
    first = Math.min(first, began)
    last = Math.max(last, began + micros)
    if (status === 200) latencies.push(micros)
  }
  latencies.sort((a, b) => a - b)
  return { answered: latencies.length, seconds: (last - first) / 1_000_000, latency: latencyOf(latencies) }
}
