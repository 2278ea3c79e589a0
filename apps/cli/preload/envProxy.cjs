// Node before 22.21 and 24.5 ignores the proxy environment, wholly or for `http.request`. Loaded through NODE_OPTIONS,
// this makes `fetch`, `http.request` and `http.get` send plain-http calls to the proxy as newer versions do by
// themselves. On those it only adds calls with an `http.Agent` of the application's own, which Node leaves out.
// It must parse and be harmless on Node 18; https and sockets are left alone.
'use strict'

const [major, minor] = process.versions.node.split('.').map(Number)
const isFetchNative = major > 23 || (major === 22 && minor >= 21)
const isRequestNative = major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 21)

const proxyText = process.env.http_proxy || process.env.HTTP_PROXY
const isWanted = process.env.NODE_USE_ENV_PROXY === '1' && proxyText

/** Hosts that are called directly: names, `.suffix` or `*.suffix`, `host:port`, or `*` for all. */
function directHosts() {
  const list = process.env.no_proxy || process.env.NO_PROXY || ''
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
}

function isDirect(hostname, port, direct) {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase()
  return direct.some((entry) => {
    if (entry === '*') return true
    const bare = entry.replace(/^\[|\]$/g, '')
    if (bare === host || entry === `${host}:${port}`) return true
    const suffix = entry.replace(/^\*/, '')
    return suffix.startsWith('.') && host.endsWith(suffix)
  })
}

/** fetch: a dispatcher around the global one, which sends the absolute form to the proxy. */
function patchFetch(proxy, direct) {
  const original = globalThis.fetch
  if (typeof original !== 'function') return
  const slot = Symbol.for('undici.globalDispatcher.1')
  let installed = false
  const install = () => {
    installed = true
    // Node loads its client when one of its classes is first looked at; that sets the global dispatcher.
    void globalThis.Headers
    const agent = globalThis[slot]
    // An application that has chosen its own dispatcher knows better.
    if (agent?.constructor?.name !== 'Agent') return
    const dispatch = (options, handler) => {
      const target = new URL(String(options.origin))
      if (target.protocol !== 'http:' || options.upgrade || isDirect(target.hostname, target.port || '80', direct))
        return agent.dispatch(options, handler)
      return agent.dispatch(
        {
          ...options,
          origin: proxy.origin,
          path: target.origin + options.path,
          headers: withHost(options.headers, target.host),
        },
        handler,
      )
    }
    globalThis[slot] = Object.create(agent, { dispatch: { value: dispatch } })
  }
  const patched = function fetch(input, init) {
    if (!installed) install()
    return original.call(this, input, init)
  }
  Object.defineProperty(globalThis, 'fetch', { value: patched, writable: true, enumerable: true, configurable: true })
}

/** Headers in any of the forms that undici and node:http take, with a Host unless there is one. */
function withHost(headers, host) {
  const isHost = (name) => String(name).toLowerCase() === 'host'
  if (Array.isArray(headers)) {
    const isPairs = Array.isArray(headers[0])
    const names = isPairs ? headers.map(([name]) => name) : headers.filter((_, i) => i % 2 === 0)
    if (names.some(isHost)) return headers
    return isPairs ? [...headers, ['host', host]] : [...headers, 'host', host]
  }
  const plain =
    headers && typeof headers[Symbol.iterator] === 'function' ? Object.fromEntries(headers) : { ...(headers || {}) }
  return Object.keys(plain).some(isHost) ? plain : { ...plain, host }
}

/** http.request and http.get: the same options, towards the proxy and in absolute form. */
function patchRequest(http, proxy, direct, onlyOwnAgents) {
  const { request } = http

  const proxied = (options) => {
    // A socket path, a connection maker or an agent of another kind: somebody has decided where the bytes go.
    if (options.socketPath || options.createConnection) return undefined
    if (options.agent && options.agent.constructor !== http.Agent) return undefined
    const isOwnAgent = options.agent === false || (options.agent && options.agent !== http.globalAgent)
    if (onlyOwnAgents && (!isOwnAgent || options.agent.options?.proxyEnv)) return undefined
    if (options.protocol && options.protocol !== 'http:') return undefined
    const hostname = String(options.hostname || options.host || 'localhost')
    const port = String(options.port || options.defaultPort || 80)
    if (isDirect(hostname, port, direct)) return undefined
    const bracketed = hostname.includes(':') && !hostname.startsWith('[') ? `[${hostname}]` : hostname
    const host = port === '80' ? bracketed : `${bracketed}:${port}`
    const path = String(options.path || '/')
    // An absolute form is somebody's own way to a proxy.
    if (!path.startsWith('/')) return undefined
    return {
      ...options,
      host: proxy.hostname,
      hostname: proxy.hostname,
      port: proxy.port,
      path: `http://${host}${path}`,
      headers: withHost(options.headers, host),
    }
  }

  const optionsOf = (input, options) => {
    if (typeof input === 'string') return { ...urlOptions(new URL(input)), ...options }
    if (input instanceof URL) return { ...urlOptions(input), ...options }
    return { ...input, ...options }
  }

  http.request = function patchedRequest(input, options, callback) {
    const done = typeof options === 'function' ? options : callback
    const own = typeof options === 'function' ? undefined : options
    let changed
    try {
      changed = proxied(optionsOf(input, own))
    } catch {
      // What is not valid is for the original to refuse, with its own error.
    }
    return changed === undefined ? request.call(http, input, options, callback) : request.call(http, changed, done)
  }
  http.get = function patchedGet(input, options, callback) {
    const sent = http.request(input, options, callback)
    sent.end()
    return sent
  }
}

function urlOptions(url) {
  const options = { protocol: url.protocol, hostname: url.hostname, path: `${url.pathname}${url.search}` }
  if (url.port !== '') options.port = Number(url.port)
  if (url.username || url.password)
    options.auth = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  return options
}

if (isWanted) {
  try {
    const proxy = new URL(proxyText)
    const direct = directHosts()
    if (!isFetchNative) patchFetch(proxy, direct)
    patchRequest(require('node:http'), proxy, direct, isRequestNative)
    require('node:module').syncBuiltinESMExports()
  } catch {
    // A proxy address that cannot be read: the application starts as if it were not set.
  }
}
