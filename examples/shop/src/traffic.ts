// Shoppers, at a steady rate: open loop, so that a slow shop does not get fewer of them. RATE is journeys' steps per
// second (20 unless set). Each call's outcome goes to LOG_FILE as a JSON line: at, service, route, status, latencyMs.
// Besides, one watcher keeps the storefront's WebSocket open.
import { openCallLog } from './callLog.ts'

const rate = Number(process.env.RATE ?? 20)
if (!(rate > 0 && rate <= 10_000)) {
  process.stderr.write('traffic: RATE must be a number above 0, calls per second\n')
  process.exit(64)
}
const log = process.env.LOG_FILE === undefined ? undefined : await openCallLog(process.env.LOG_FILE)

const TIMEOUT_MS = 10_000
/** Beyond this many calls in flight new ones are logged with status 0 and not made: the shop is gone. */
const MAX_IN_FLIGHT = 2_000
const PRODUCTS = ['heddle', 'reed', 'shuttle', 'bobbin', 'warp', 'loom']

interface Step {
  route: string
  method: 'GET' | 'POST'
  path: string
  body?: object
}

/** Of a hundred steps: mostly looking, some putting aside, a few buying. */
function nextStep(n: number): Step {
  const shopper = `shopper-${n % 50}`
  const product = PRODUCTS[Math.floor(Math.random() * PRODUCTS.length)] ?? 'heddle'
  const dice = Math.random()
  if (dice < 0.45) return { route: 'GET /', method: 'GET', path: `/?shopper=${shopper}` }
  if (dice < 0.8) return { route: 'GET /products/*', method: 'GET', path: `/products/${product}` }
  if (dice < 0.92) return { route: 'POST /cart', method: 'POST', path: `/cart?shopper=${shopper}`, body: { product } }
  return { route: 'POST /checkout', method: 'POST', path: `/checkout?shopper=${shopper}` }
}

let inFlight = 0

async function take(step: Step): Promise<void> {
  const at = Date.now()
  const started = performance.now()
  let status = 0
  if (inFlight < MAX_IN_FLIGHT) {
    inFlight++
    try {
      const response = await fetch(`http://storefront${step.path}`, {
        method: step.method,
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(step.body === undefined
          ? {}
          : { body: JSON.stringify(step.body), headers: { 'content-type': 'application/json' } }),
      })
      status = response.status
      await response.arrayBuffer()
    } catch {
      // Status 0: no answer at all.
    } finally {
      inFlight--
    }
  }
  const latencyMs = Math.round((performance.now() - started) * 1_000) / 1_000
  log?.write({ at, service: 'storefront', route: step.route, status, latencyMs })
}

/** One watcher of the live feed, which comes back when it was sent away. */
function watch(): void {
  const socket = new WebSocket('ws://storefront/live')
  let isOver = false
  const again = (): void => {
    if (isOver) return
    isOver = true
    setTimeout(watch, 2_000)
  }
  socket.addEventListener('close', again)
  socket.addEventListener('error', again)
}

const started = performance.now()
let sent = 0
const timer = setInterval(
  () => {
    // Steps are due by the clock, not by the timer: a late tick makes up for it.
    const due = Math.floor(((performance.now() - started) / 1_000) * rate)
    while (sent < due) void take(nextStep(sent++))
  },
  Math.min(50, 1_000 / rate),
)
watch()
process.stdout.write(`traffic: ${rate} calls per second to http://storefront\n`)

// Calls on their way are still answered (or time out) and logged.
const end = (): void => {
  clearInterval(timer)
  const finish = (): void => {
    if (inFlight > 0) setTimeout(finish, 20)
    else if (log === undefined) process.exit(0)
    else void log.end().then(() => process.exit(0))
  }
  finish()
}
process.once('SIGTERM', end).once('SIGINT', end)
