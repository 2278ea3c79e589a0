// What the hub is told of a change, and what it tells of the proxies' answers.
import type { PushSession } from './session.ts'

/** A configuration change and what it can have touched, for following its way to the proxies. */
export interface Cause {
  revision: number
  /** Monotonic milliseconds at which its commit was seen. */
  seenAt: number
  names: ReadonlySet<string>
}

export interface PushObserver {
  /** A proxy acknowledged a message, `delayMs` after it was sent. */
  acknowledged(session: PushSession, delayMs: number): void
  refused(session: PushSession, reason: string): void
  /** Anything that the console shows of this proxy has changed. */
  stateChanged(session: PushSession): void
}
