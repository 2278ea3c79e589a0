// Signals that end this process, as a terminal, a service manager or the launcher sends them; and the launcher's death.
import type { Clock } from '@heddle/shared/clock'

/** One Ctrl-C reaches us from the terminal and again through the launcher (and npm): within this time it is one. */
const ONE_MS = 500

export interface EndSignals extends Disposable {
  /** Calls back at each request to end; the second one in earnest means: at once. */
  onEnd(callback: (signal: NodeJS.Signals) => void): void
}

export function endSignals(clock: Clock): EndSignals {
  let callback: (signal: NodeJS.Signals) => void = () => {}
  let last = Number.NEGATIVE_INFINITY
  const received = (signal: NodeJS.Signals): void => {
    const now = clock.monotonic()
    if (now - last < ONE_MS) return
    last = now
    callback(signal)
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, received)
  const orphaned = (): void => received('SIGTERM')
  process.on('disconnect', orphaned)
  // The channel to the launcher tells of its death; it must not keep us alive when we are done.
  process.channel?.unref()
  return {
    onEnd(next) {
      callback = next
    },
    [Symbol.dispose]() {
      for (const signal of signals) process.off(signal, received)
      process.off('disconnect', orphaned)
    },
  }
}
