// What a client is told of an error: the table's code and message, or `internal` with nothing but a request id.
import type { TRPCError } from '@trpc/server'
import { ZodError } from 'zod'
import { HeddleError, type HeddleErrorData } from './errors.ts'
import { inputMistakes } from './inputMistakes.ts'

export function describeError(error: TRPCError, requestId: string): { message: string; data: HeddleErrorData } {
  if (error.cause instanceof HeddleError)
    return { message: error.cause.message, data: { code: error.cause.code, requestId, ...error.cause.details } }
  if (error.cause instanceof ZodError && error.code === 'BAD_REQUEST') {
    const mistakes = inputMistakes(error.cause.issues)
    const first = mistakes[0]
    const place = first === undefined || first.path.length === 0 ? '' : `${first.path.join('.')}: `
    const message = `The input is not valid: ${place}${first?.message ?? 'see the mistakes'}`
    return { message, data: { code: 'invalid', requestId, mistakes } }
  }
  switch (error.code) {
    case 'NOT_FOUND':
    case 'METHOD_NOT_SUPPORTED':
      return { message: 'There is no such procedure.', data: { code: 'not_found', requestId } }
    case 'BAD_REQUEST':
    case 'PARSE_ERROR':
    case 'UNSUPPORTED_MEDIA_TYPE':
    case 'PAYLOAD_TOO_LARGE':
      return { message: 'The request is not one that this API understands.', data: { code: 'invalid', requestId } }
    default:
      return {
        message: `Something went wrong in the console. Its log has the details under request ${requestId}.`,
        data: { code: 'internal', requestId },
      }
  }
}
