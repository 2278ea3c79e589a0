// What the control plane does by the clock, besides the registry's upkeep: its own certificate, the authority's next
// issuer, partitions of the metrics tables, idle series, the console's secret.
import { type Database, dropExpiredPartitions, ensurePartitions } from '@heddle/db'
import type { Clock } from '@heddle/shared/clock'
import type { Authority } from './ca/authority.ts'
import { errorText, type Log } from './log.ts'

const MINUTE_MS = 60_000
/** Partitions are made two ahead, issuers months ahead: once an hour is often enough. */
const MINUTES_PER_HOUR = 60

export interface TimekeepingOptions {
  db: Database
  authority: Authority
  clock: Clock
  log: Log
  /** Where it is due. */
  renewOwnCertificate: () => Promise<void>
  rootsChanged: () => void
  forgetIdleSeries: () => void
  writeConsoleSecret: () => Promise<void>
}

export interface Timekeeping extends AsyncDisposable {
  /** The console's certificate has expired: it can enrol anew with a fresh secret. */
  consoleNeedsSecret(): void
}

/** Does all of it once before it resolves. */
export async function startTimekeeping(options: TimekeepingOptions): Promise<Timekeeping> {
  const { db, authority, clock, log } = options
  let minutes = 1
  let arePartitionsDue = true
  let isSecretWanted = false
  let running = Promise.resolve()

  const partitions = async () => {
    arePartitionsDue = true
    await ensurePartitions(db, clock.now())
    arePartitionsDue = false
    const dropped = await dropExpiredPartitions(db, clock.now())
    if (dropped.length > 0) log('info', 'dropped metrics that have been kept long enough', { tables: dropped })
  }
  const refreshAuthority = async () => {
    const before = authority.roots().join()
    await authority.refresh()
    if (authority.roots().join() !== before) options.rootsChanged()
  }
  const attempt = async (what: string, work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      log('warn', `${what}: not done, it is tried again`, { reason: errorText(error) })
    }
  }
  const eachMinute = async () => {
    options.forgetIdleSeries()
    await attempt('renewing the own certificate', options.renewOwnCertificate)
    if (isSecretWanted) {
      isSecretWanted = false
      await attempt("writing the console's secret", options.writeConsoleSecret)
    }
    const isHour = minutes++ % MINUTES_PER_HOUR === 0
    if (isHour) await attempt('refreshing the authority', refreshAuthority)
    if (isHour || arePartitionsDue) await attempt('keeping the partitions', partitions)
  }

  await attempt('keeping the partitions', partitions)
  await options.writeConsoleSecret()
  const timer = setInterval(() => {
    running = running.then(eachMinute)
  }, MINUTE_MS)
  return {
    consoleNeedsSecret: () => {
      isSecretWanted = true
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await running
    },
  }
}
