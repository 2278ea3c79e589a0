// What `heddle run` says on stderr while CMD runs: that the instance joined, where that helps, and that the app does not
// take traffic although it should. Pure: lines come out, time and the proxy's word come in.
import type { ProxyOptions } from './runOptions.ts'

/** An app that is not ready this long after its start is worth a word. */
export const APP_PATIENCE_MS = 5_000

type What = Pick<ProxyOptions, 'service' | 'version' | 'appPort' | 'readyPath'>

/**
 * null: better silent. A line between the output of a script helps nobody, and who asks with curl again and again has
 * read it the first time.
 */
export function joinedLine(
  { service, version, appPort }: What,
  { instance, isNew }: { instance: string; isNew: boolean },
  isTerminal: boolean,
): string | null {
  if (!isTerminal || (appPort === undefined && !isNew)) return null
  return `${service} ${version} joined the mesh as ${instance}${appPort === undefined ? ', a client only' : ''}`
}

interface Health {
  isReady: boolean
  reason: string | null
}

/** Warns once of an app that is not ready in time, and says once that it is after all. */
export class AppNotes {
  readonly #what: What & { appPort: number }
  readonly #note: (line: string) => void
  #health: Health = { isReady: false, reason: null }
  #state: 'starting' | 'warned' | 'done' = 'starting'

  constructor(what: What & { appPort: number }, note: (line: string) => void) {
    this.#what = what
    this.#note = note
  }

  told({ isReady, reason }: Health): void {
    this.#health = { isReady, reason }
    if (!isReady || this.#state === 'done') return
    const { service, appPort } = this.#what
    if (this.#state === 'warned') this.#note(`${service} is ready: the app answers on port ${appPort} and gets calls`)
    this.#state = 'done'
  }

  /** APP_PATIENCE_MS have passed. */
  late(): void {
    if (this.#state !== 'starting') return
    this.#state = 'warned'
    this.#note(`warning: ${notReady(this.#what, this.#health.reason)}`)
  }
}

function notReady({ service, appPort, readyPath }: What & { appPort: number }, reason: string | null): string {
  const consequence = `Until then calls to ${service} get 503 no_endpoint.`
  if (reason === null || /ECONNREFUSED/.test(reason))
    return (
      `nothing listens on port ${appPort} (--app-port) yet. ${consequence} Let the app listen on ` +
      `127.0.0.1:${appPort}, or name the port that it does listen on with --app-port.`
    )
  if (readyPath !== undefined)
    return (
      `the app on port ${appPort} is not ready: ${reason}. ${consequence} --ready-path must answer GET with ` +
      '2xx or 3xx within a second.'
    )
  return `the app on port ${appPort} (--app-port) takes no connection: ${reason}. ${consequence}`
}
