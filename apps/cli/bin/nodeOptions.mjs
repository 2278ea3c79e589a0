// The options of Node for Heddle's own processes, in the one place that all ways of starting one share. Any Node can
// run this file; V8 alone knows what it is told.

/**
 * For a proxy: nearly all that a request leaves is garbage when it is over, so that a young generation of 6 MB costs no
 * more time than one of 48 MB, and leaves the processor's cache to others.
 */
const PROXY_OPTIONS = ['--max-semi-space-size=2']

/** What Node is told before the program; `command` is the first argument of `heddle`. */
export function nodeOptions(command) {
  return command === 'proxy' ? PROXY_OPTIONS : []
}
