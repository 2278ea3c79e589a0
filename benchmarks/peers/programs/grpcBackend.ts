// The backend of calls of gRPC, on Node's own HTTP/2 in clear: `node grpcBackend.ts PORT`. nginx, the other backend, cannot
// say trailers of its own.
import { createServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import { GRPC_PATHS, MESSAGE, STREAMED_MESSAGES } from '../grpcMessages.ts'

const HEAD = { ':status': 200, 'content-type': 'application/grpc' }

const messagesOf: Record<string, number> = { [GRPC_PATHS.unary]: 1, [GRPC_PATHS.streaming]: STREAMED_MESSAGES }

function answer(stream: ServerHttp2Stream, messages: number): void {
  stream.respond(HEAD, { waitForTrailers: true })
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
  for (let i = 1; i < messages; i++) stream.write(MESSAGE)
  stream.end(MESSAGE)
}

const server = createServer({ settings: { maxConcurrentStreams: 1_000 } })
server.on('stream', (stream: ServerHttp2Stream, fields: IncomingHttpHeaders) => {
  const messages = messagesOf[String(fields[':path'])]
  stream.on('error', () => {})
  stream.resume()
  stream.once('end', () => {
    // A caller that ended its run took back what it had asked.
    if (stream.destroyed) return
    if (messages === undefined) stream.respond({ ...HEAD, 'grpc-status': '12' }, { endStream: true })
    else answer(stream, messages)
  })
})
server.listen(Number(process.argv[2]), '127.0.0.1')
process.on('SIGTERM', () => process.exit(0))
