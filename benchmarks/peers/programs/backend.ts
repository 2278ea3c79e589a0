// The backend where there is no nginx: `node backend.ts PORT`.
import { createServer } from 'node:http'
import { bodyOf, PATHS, SIZES } from '../paths.ts'

const bodies = new Map<string, Buffer>(
  (['small', 'large', 'huge'] as const).map((name) => [PATHS[name], Buffer.from(bodyOf(SIZES[name]))]),
)

const server = createServer((request, response) => {
  const body = bodies.get(request.url ?? '')
  request.resume()
  request.once('end', () => {
    if (body === undefined) response.writeHead(404).end()
    else response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body)
  })
})
server.keepAliveTimeout = 3_600_000
server.listen(Number(process.argv[2]), '127.0.0.1')
process.on('SIGTERM', () => process.exit(0))
