// From what went wrong inside to the table's errors. What is not expected is logged in full and shown as `internal`.
// Errors of the database package are known by name: the console's parts may be loaded twice in one process.
import type { InvalidChangeError, RevertConflictError, StaleEditError } from '@heddle/db'
import type { TRPCError } from '@trpc/server'
import { ZodError } from 'zod'
import { shown } from './config/stored.ts'
import type { Console } from './console.ts'
import { isDatabaseAway } from './databaseErrors.ts'
import { HeddleError, heddleError } from './errors.ts'
import { errorText } from './log.ts'

interface Where {
  console: Console
  path: string
  requestId: string
}

/** Undefined table or column, unknown relation: the schema is not the one that we think. */
const WRONG_SCHEMA = new Set(['42P01', '42703', 'P2021', 'P2022'])

export function translateError(error: TRPCError, where: Where): TRPCError {
  const { cause } = error
  if (cause instanceof HeddleError) return error
  if (cause instanceof ZodError && error.code === 'BAD_REQUEST') return error
  if (cause === undefined) {
    if (error.code !== 'INTERNAL_SERVER_ERROR') return error
  } else {
    const known = knownError(cause)
    if (known !== null) return known
    if (isDatabaseAway(cause))
      return heddleError('unavailable', 'The database does not answer. Nothing was changed. Try again.', {}, { cause })
    if ('code' in cause && typeof cause.code === 'string' && WRONG_SCHEMA.has(cause.code)) where.console.gate.doubt()
  }
  where.console.log('error', 'a procedure failed', {
    procedure: where.path,
    requestId: where.requestId,
    error: errorText(error),
    stack: cause?.stack ?? error.stack,
  })
  return error
}

function knownError(error: Error): TRPCError | null {
  const options = { cause: error }
  if (isNamed<StaleEditError>(error, 'StaleEditError')) {
    const details = { ref: error.ref, current: shown(error.current), change: error.lastChange ?? undefined }
    return heddleError('stale', error.message, details, options)
  }
  if (isNamed<RevertConflictError>(error, 'RevertConflictError')) {
    const [first] = error.conflicts
    const details =
      first === undefined
        ? {}
        : { ref: first.ref, current: shown(first.current), change: first.lastChange ?? undefined }
    return heddleError('conflict', error.message, details, options)
  }
  if (isNamed<InvalidChangeError>(error, 'InvalidChangeError'))
    return heddleError('invalid', error.message, { mistakes: [...error.mistakes] }, options)
  if (error.name === 'NotFoundError') return heddleError('not_found', error.message, {}, options)
  if (error.name === 'LastAdminError') return heddleError('conflict', error.message, {}, options)
  if (error.name === 'NameClashError') return heddleError('conflict', error.message, {}, options)
  return null
}

function isNamed<E extends Error>(error: Error, name: string): error is E {
  return error.name === name
}
