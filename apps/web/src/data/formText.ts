// Texts of form fields and the values that they stand for: an empty text is no value, and what is not a number stays the
// text that it is, for the schema to refuse in words. Pure.
import type { z } from 'zod'

export function textOf(value: number | undefined): string {
  return value === undefined ? '' : String(value)
}

/** undefined: nothing was written. A text that is no plain decimal number stays as it is. */
export function numberOf(text: string): number | string | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  return /^-?\d+(?:\.\d+)?$/.test(trimmed) ? Number(trimmed) : text
}

/** "502, 503 504" as its parts. */
export function unknownList(text: string): string[] {
  return text.split(/[\s,]+/).filter((part) => part !== '')
}

/** Without the fields that are undefined. */
export function present<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T
}

/** zod's own messages are for programmers; these are for whoever fills in a form. Messages of a schema's own come first. */
export function plainMessage(issue: Parameters<z.core.$ZodErrorMap>[0]): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.expected === 'int') return 'must be a whole number'
      if (issue.expected === 'number') return 'must be a number'
      return 'is required'
    case 'too_small':
      if (issue.origin === 'string') return 'is required'
      return issue.origin === 'array' ? 'needs at least one' : `must be at least ${issue.minimum}`
    case 'too_big':
      if (issue.origin === 'string') return `must have at most ${issue.maximum} characters`
      return issue.origin === 'array' ? `at most ${issue.maximum} are allowed` : `must be at most ${issue.maximum}`
    case 'invalid_value':
      return `must be ${issue.values.map(String).join(' or ')}`
    case 'invalid_union':
      return 'is not one of the allowed values'
    default:
      return undefined
  }
}
