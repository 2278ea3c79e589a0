// Steady open-loop load through a proxy's outbound port: requests leave on schedule, whether answers come or not.
// Bounded in time and number; every request's fate is kept.
import { Agent, request } from 'node:http'

export interface Answer {
  /** 0 where no answer came. */
  status: number
  /** Of performance.now(). */
  startedAtMs: number
  latencyMs: number
  /** The mesh's error code, or what broke. */
  error: string | null
  body: string
  headers: NodeJS.Dict<string | string[]>
}

export interface Call {
  /** The proxy's outbound port. */
  port: number
  host: string
  path: string
  method?: string
  body?: string
  headers?: Record<string, string>
  timeoutMs?: number
}

const agent = new Agent({ keepAlive: true, maxSockets: 128 })

/** One request to `Host: <host>` on the outbound port; resolves always. */
export function call({
  port,
  host,
  path,
  method = 'GET',
  body,
  headers = {},
  timeoutMs = 30_000,
}: Call): Promise<Answer> {
  const startedAtMs = performance.now()
  return new Promise((resolve) => {
    const done = (answer: Partial<Answer>): void =>
      resolve({
        status: 0,
        error: null,
        body: '',
        headers: {},
        startedAtMs,
        latencyMs: performance.now() - startedAtMs,
        ...answer,
      })
    const length = body === undefined ? {} : { 'content-length': `${Buffer.byteLength(body)}` }
    const outgoing = request(
      { agent, host: '127.0.0.1', port, path, method, headers: { host, ...length, ...headers }, timeout: timeoutMs },
      (incoming) => {
        const latencyMs = performance.now() - startedAtMs
        let text = ''
        incoming.on('data', (chunk: Buffer) => {
          text += chunk.toString()
        })
        incoming.on('error', (error) => done({ error: error.message }))
        incoming.on('end', () => {
          const code = incoming.headers['x-heddle-error']
          done({
            status: incoming.statusCode ?? 0,
            latencyMs,
            body: text,
            headers: incoming.headers,
            error: typeof code === 'string' ? code : null,
          })
        })
      },
    )
    outgoing.on('timeout', () => outgoing.destroy(new Error('timed out')))
    outgoing.on('error', (error) => done({ error: error.message }))
    outgoing.end(body)
  })
}

export interface Load {
  answers: Answer[]
  /** Answers of 5xx and calls without an answer. */
  failed: Answer[]
  elapsedMs: number
}

/** `rate` requests per second for `durationMs`, or until `signal` aborts; waits for the last answers. */
export async function load(options: {
  rate: number
  durationMs: number
  next: (i: number) => Call
  signal?: AbortSignal
}): Promise<Load> {
  const startedAt = performance.now()
  const pending: Promise<Answer>[] = []
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const elapsed = performance.now() - startedAt
      const due = Math.floor((Math.min(elapsed, options.durationMs) / 1_000) * options.rate)
      while (pending.length < due) pending.push(call(options.next(pending.length)))
      if (elapsed >= options.durationMs || options.signal?.aborted) {
        clearInterval(timer)
        resolve()
      }
    }, 5)
  })
  const answers = await Promise.all(pending)
  return {
    answers,
    failed: answers.filter((answer) => answer.status === 0 || answer.status >= 500),
    elapsedMs: performance.now() - startedAt,
  }
}

/** A short account of failures for an assertion's message. */
export function describeFailures(failed: readonly Answer[]): string {
  const counts = new Map<string, number>()
  for (const { status, error } of failed) {
    const key = `${status} ${error ?? ''}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return [...counts].map(([key, n]) => `${n} × ${key}`).join(', ')
}
