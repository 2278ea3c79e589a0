// The options of Node for Heddle's own processes, in the one place that all ways of starting one share. Any Node can
// run this file; V8 alone knows what it is told.

/** For a proxy. */
const PROXY_OPTIONS = []

/** For a command. */
const COMMAND_OPTIONS = []

/** What Node is told before the program; `command` is the first argument of `heddle`. */
export function nodeOptions(command) {
  return command === 'proxy' ? PROXY_OPTIONS : COMMAND_OPTIONS
}
