// The options of Node for Heddle's own processes, in the one place that all ways of starting one share. Any Node can
// run this file; V8 alone knows what it is told.

/**
 * For a proxy: nearly all that a request leaves is garbage when it is over, so that a young generation of 6 MB costs no
 * more time than one of 48 MB, and leaves the processor's cache to others.
 */
const PROXY_OPTIONS = ['--max-semi-space-size=2']

/**
 * The Node that we pin. Another one may not know what follows, and Node does not start with an option that it does not
 * know.
 */
const PINNED_MAJOR = '26'

/**
 * For a proxy. What V8's compilers need while they work goes back to the system a second after: from malloc, as by default,
 * it does not come back, and 20 MB of a proxy that has had load were free and kept. And one thread collects: the heap is some
 * 20 MB, and where proxies share processors helpers stand in the way of the thread that serves, which waits for all of them.
 */
const PINNED_PROXY_OPTIONS = ['--managed-zone-memory', '--memory-pool-timeout=1', '--single-threaded-gc']

/** What Node of `version` is told before the program; `command` is the first argument of `heddle`. */
export function nodeOptions(command, version) {
  if (command !== 'proxy') return []
  return version.split('.', 1)[0] === PINNED_MAJOR ? [...PROXY_OPTIONS, ...PINNED_PROXY_OPTIONS] : PROXY_OPTIONS
}
