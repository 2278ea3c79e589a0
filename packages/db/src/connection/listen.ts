// LISTEN on a connection of its own that comes back by itself.
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'

/** Sent with the epoch and the new revision (configuration/notice.ts) after every committed change of configuration or membership. */
export const CONFIG_CHANNEL = 'heddle_config'

const CONNECT_TIMEOUT_MS = 5_000
const RETRY_MIN_MS = 100
const RETRY_MAX_MS = 5_000
/** A connection whose other end vanished without a word shows at the next ping. */
const PING_MS = 10_000
const PING_TIMEOUT_MS = 5_000

export interface Listener extends AsyncDisposable {
  readonly connected: boolean
}

export interface ListenHandlers {
  onNotify: (payload: string) => void
  /** After every (re)connection: notifications sent meanwhile are lost, so read what you need again here. */
  onConnect: () => void
  onDisconnect?: (error: Error) => void
}

async function connect(url: string, channel: string): Promise<Client> {
  const client = new Client({
    connectionString: url,
    application_name: `heddle listen ${channel}`,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: PING_TIMEOUT_MS,
    keepAlive: true,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query(`LISTEN ${client.escapeIdentifier(channel)}`)
    return client
  } catch (error) {
    client.end().catch(() => {})
    throw error
  }
}

/** Resolves with the reason once the connection is no longer good. */
function brokenConnection(client: Client, signal: AbortSignal): Promise<Error> {
  const { promise, resolve } = Promise.withResolvers<Error>()
  client.once('error', resolve)
  client.once('end', () => resolve(new Error('Postgres closed the connection.')))
  const timer = setInterval(() => client.query('SELECT 1').catch(resolve), PING_MS)
  timer.unref()
  signal.addEventListener('abort', () => resolve(new Error('stopped')), { once: true })
  return promise.finally(() => clearInterval(timer))
}

/** Resolves after the first attempt to connect, whether or not it succeeded; then goes on until disposed. */
export async function listen(url: string, channel: string, handlers: ListenHandlers): Promise<Listener> {
  const stop = new AbortController()
  const first = Promise.withResolvers<void>()
  let connected = false

  const run = async (): Promise<void> => {
    let failures = 0
    while (!stop.signal.aborted) {
      let client: Client | undefined
      try {
        client = await connect(url, channel)
        failures = 0
        client.on('notification', ({ payload }) => handlers.onNotify(payload ?? ''))
        const broken = brokenConnection(client, stop.signal)
        connected = true
        handlers.onConnect()
        first.resolve()
        const reason = await broken
        connected = false
        if (!stop.signal.aborted) handlers.onDisconnect?.(reason)
      } catch (error) {
        if (failures === 0) handlers.onDisconnect?.(error instanceof Error ? error : new Error(String(error)))
        first.resolve()
      } finally {
        // Does not wait: on a connection whose other end is gone a polite end never comes.
        client?.end().catch(() => {})
      }
      // Full jitter, so that many control planes do not come back in step.
      const limit = Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** failures++)
      await sleep(Math.random() * limit, undefined, { signal: stop.signal }).catch(() => {})
    }
  }
  const running = run()
  await first.promise
  return {
    get connected() {
      return connected
    },
    async [Symbol.asyncDispose]() {
      stop.abort()
      await running
    },
  }
}
