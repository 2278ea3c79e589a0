// Starts the console's parts with the server, and ends the process on a signal: Next's standalone server waits for
// open event streams for ever, so half a second after the signal nothing waits any longer.
import { readFirstViews } from './server/firstViews.ts'
import { errorText, jsonLog } from './server/log.ts'
import { getConsole } from './server/singleton.ts'

const EXIT_AFTER_MS = 500

const log = jsonLog((line) => process.stdout.write(line), Date.now)

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => {
    setTimeout(() => process.exit(0), EXIT_AFTER_MS)
    getConsole().then(
      (console) => console[Symbol.asyncDispose](),
      () => {},
    )
  })

getConsole().then(
  (console) => {
    log('info', 'the console is starting', { url: console.config.url })
    void readFirstViews(console)
  },
  (error: unknown) => {
    log('error', 'the console cannot start', { error: errorText(error) })
    process.exit(1)
  },
)
