// The errors of the console's API: one closed table of codes. What a client gets is `data.heddle`; what is not in
// the table is `internal`, whose details stay in the log beside the request id.
import { type Change, changeSchema, mistakeSchema, resourceRefSchema } from '@heddle/shared/api/index'
import { TRPCError } from '@trpc/server'
import { z } from 'zod'

export const HEDDLE_CODES = {
  /** Somebody else changed the resource meanwhile: `current` and `change` say what and who. */
  stale: 'CONFLICT',
  /** Something stands against it, e.g. a revert of what was changed since. */
  conflict: 'CONFLICT',
  not_found: 'NOT_FOUND',
  /** The input is wrong: `mistakes` lead to the fields. */
  invalid: 'BAD_REQUEST',
  unauthorized: 'UNAUTHORIZED',
  forbidden: 'FORBIDDEN',
  too_many: 'TOO_MANY_REQUESTS',
  /** The database does not answer or is not the one that this console was built for. Try again. */
  unavailable: 'SERVICE_UNAVAILABLE',
  internal: 'INTERNAL_SERVER_ERROR',
} as const satisfies Record<string, TRPCError['code']>
export type HeddleCode = keyof typeof HEDDLE_CODES

export const heddleErrorDataSchema = z.object({
  code: z.enum(Object.keys(HEDDLE_CODES) as [HeddleCode, ...HeddleCode[]]),
  requestId: z.string(),
  mistakes: z.array(mistakeSchema).optional(),
  /** stale: what is stored now, as `get` gives it. */
  ref: resourceRefSchema.optional(),
  current: z.unknown().optional(),
  /** stale and conflict: the other person's change. */
  change: changeSchema.optional(),
})
export type HeddleErrorData = z.infer<typeof heddleErrorDataSchema>

export type HeddleErrorDetails = Pick<HeddleErrorData, 'mistakes' | 'ref' | 'current'> & { change?: Change | undefined }

/** Cause of a TRPCError whose code and details may be shown. */
export class HeddleError extends Error {
  readonly code: HeddleCode
  readonly details: HeddleErrorDetails
  constructor(code: HeddleCode, message: string, details: HeddleErrorDetails = {}, options?: ErrorOptions) {
    super(message, options)
    this.name = 'HeddleError'
    this.code = code
    this.details = details
  }
}

/** An error to throw in a procedure: `message` is shown as it is, so it says what to do and holds no secret. */
export function heddleError(
  code: HeddleCode,
  message: string,
  details: HeddleErrorDetails = {},
  options?: ErrorOptions,
): TRPCError {
  return new TRPCError({
    code: HEDDLE_CODES[code],
    message,
    cause: new HeddleError(code, message, details, options),
  })
}
