// The proxy's process. What it does is in lifecycle/process.ts, how it starts in app.ts.
import { runProxy } from './lifecycle/process.ts'

const exitCode = await runProxy()
// Everything is closed; a timer or socket that a library forgot must not keep a proxy that is gone from being gone.
process.exit(exitCode)
