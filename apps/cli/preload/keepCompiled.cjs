// For Heddle's own processes: compiled code goes to disk soon after the start, not only at an orderly end. With it a
// start needs neither the time nor the memory (12 MB) of Node's TypeScript parser.
'use strict'

const AFTER_MS = 3_000

setTimeout(() => require('node:module').flushCompileCache?.(), AFTER_MS).unref()
