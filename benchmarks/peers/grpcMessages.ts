// What is called and answered where gRPC is measured, the same for all arms. Pure.
import { bodyOf, SIZES } from './paths.ts'

/** What the calls are made to, beside the service that is called over HTTP/1.1. */
export const GRPC_HOST = 'bench-grpc'

export const GRPC_PATHS = { unary: '/bench.Weave/Get', streaming: '/bench.Weave/List' } as const

/** Of one streamed answer. */
export const STREAMED_MESSAGES = 100

/** A message with its prefix (not compressed, its length in four octets), as it is in the body: 1 KB. */
export const MESSAGE = messageOf(bodyOf(SIZES.small))

/** What a call asks: a message that names something. */
export const QUESTION = messageOf('a1b2c3d4')

function messageOf(text: string): Buffer {
  const bytes = Buffer.from(text)
  const prefix = Buffer.alloc(5)
  prefix.writeUInt32BE(bytes.length, 1)
  return Buffer.concat([prefix, bytes])
}
