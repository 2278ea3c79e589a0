// LISTEN on a connection of its own that comes back by itself.

/** Sent with the new revision after every committed change of configuration or membership. */
export const CONFIG_CHANNEL = 'heddle_config'

export interface Listener extends AsyncDisposable {
  readonly connected: boolean
}

/**
 * Calls `onNotify` for each notification, and `onConnect` after every (re)connection: notifications sent meanwhile are
 * lost, so read what you need again there. Resolves after the first attempt, whether or not it succeeded.
 */
export function listen(
  _url: string,
  _channel: string,
  _handlers: { onNotify: (payload: string) => void; onConnect: () => void; onDisconnect?: (error: Error) => void },
): Promise<Listener> {
  throw new Error('not written yet')
}
