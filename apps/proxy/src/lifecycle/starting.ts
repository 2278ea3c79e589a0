// What a start waits for, and for how long.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '@heddle/shared/clock'
import type { ControlSide } from '../control/controlSide.ts'
import type { MeshIdentity } from '../identity/meshIdentity.ts'
import { EXIT, StartError } from './startError.ts'

/** With nothing on disk, a control plane must answer within this time. */
const FIRST_CONFIG_MS = 10_000
/** An expired certificate is renewed before traffic is taken, if a control plane is there. */
const FIRST_RENEWAL_MS = 3_000

/** Until the certificate can be used, or long enough: what is expired is of no use, and a start without it no harm. */
export async function firstRenewal(identity: MeshIdentity, clock: Clock): Promise<void> {
  if (identity.current().notAfter > clock.now()) return
  const renewed = Promise.withResolvers<void>()
  using _listening = identity.onChange(() => renewed.resolve())
  await within(FIRST_RENEWAL_MS, renewed.promise)
}

/** Until there is config, from disk or from a control plane. Throws a StartError where there is none in time. */
export async function firstConfig({ store, session, client }: ControlSide): Promise<void> {
  if (store.position !== null) return
  if (await within(FIRST_CONFIG_MS, session.firstSnapshot)) return
  throw new StartError(
    EXIT.unavailable,
    `No control plane has sent config within ${FIRST_CONFIG_MS / 1_000} s, and there is none on disk from before` +
      `${client.lastFailure === '' ? '' : ` (${client.lastFailure})`}. Start one with \`heddle up\`, or name it with --control.`,
  )
}

/** Whether `promise` was resolved within `timeoutMs`. Leaves no timer behind. */
export async function within(timeoutMs: number, promise: Promise<unknown>): Promise<boolean> {
  const waiting = new AbortController()
  try {
    return await Promise.race([
      promise.then(() => true),
      sleep(timeoutMs, false, { signal: waiting.signal }).catch(() => false),
    ])
  } finally {
    waiting.abort()
  }
}
