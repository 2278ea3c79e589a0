// A scripted application for the tests, in a process of its own: `node app.ts PORT NAME`.
//   GET /              200 {"name", "pid"}
//   GET /status/CODE   that status
//   /flaky?percent=P   fails P % of the calls with 503, evenly spread (not by chance)
//   /count             how often each method and path was called: {"GET /flaky": 12}
//   POST anything      200 with the body's length
//   GET /slow?ms=N     answers after N ms
import { createServer } from 'node:http'

const [port = '0', name = 'app'] = process.argv.slice(2)
const counts = new Map<string, number>()
let flakiness = 0

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://app')
  const answer = (status: number, value: unknown): void => {
    response.statusCode = status
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(value))
  }
  if (url.pathname === '/count') return answer(200, Object.fromEntries(counts))
  const key = `${request.method} ${url.pathname}`
  counts.set(key, (counts.get(key) ?? 0) + 1)
  let length = 0
  request.on('data', (chunk: Buffer) => {
    length += chunk.length
  })
  request.on('end', () => {
    const status = /^\/status\/(\d{3})$/.exec(url.pathname)?.[1]
    if (status !== undefined) return answer(Number(status), { name, status: Number(status) })
    if (url.pathname === '/flaky') {
      flakiness += Number(url.searchParams.get('percent') ?? 20)
      const fails = flakiness >= 100
      if (fails) flakiness -= 100
      return answer(fails ? 503 : 200, { name })
    }
    if (url.pathname === '/slow') {
      setTimeout(() => answer(200, { name }), Number(url.searchParams.get('ms') ?? 100))
      return
    }
    answer(200, { name, pid: process.pid, length, headers: request.headers })
  })
})
server.listen(Number(port), '127.0.0.1')
process.on('SIGTERM', () => {
  server.close(() => process.exit(0))
  server.closeIdleConnections()
})
