// The one console of this process. Next loads this module more than once (instrumentation, route handlers, pages, and
// anew at each hot reload), so it is kept where all of them find it.
import { systemClock } from '@heddle/shared/clock'
import { ConfigError, readConfig } from './config.ts'
import { type Console, startConsole } from './console.ts'
import { jsonLog } from './log.ts'

const KEY = Symbol.for('heddle.console')

interface Kept {
  [KEY]?: Promise<Console>
}
const kept: typeof globalThis & Kept = globalThis

/** Exit code of a process whose configuration is wrong (sysexits' EX_USAGE), before it serves anything. */
const EXIT_CONFIG = 64

export function getConsole(): Promise<Console> {
  kept[KEY] ??= start()
  return kept[KEY]
}

function start(): Promise<Console> {
  try {
    return startConsole({
      config: readConfig(process.env),
      clock: systemClock,
      log: jsonLog((line) => process.stdout.write(line), Date.now),
      random: Math.random,
    })
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(EXIT_CONFIG)
  }
}
