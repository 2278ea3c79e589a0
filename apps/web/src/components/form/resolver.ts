// Ties a form to the schema of what it makes: react-hook-form asks, the schema answers, and each mistake goes to the
// field at its path. What passes is the resource itself, so a form cannot send what the schema would refuse.
import { type FieldErrors, type FieldValues, type Resolver, set } from 'react-hook-form'
import type { z } from 'zod'
import { plainMessage } from '@/data/formText'

export interface FormMistake {
  path: readonly PropertyKey[]
  message: string
}
export type Checked<Out> = { value: Out } | { mistakes: readonly FormMistake[] }

export function checkedBy<Out>(schema: z.ZodType<Out>, value: unknown): Checked<Out> {
  const result = schema.safeParse(value, { error: plainMessage })
  return result.success ? { value: result.data } : { mistakes: result.error.issues }
}

export function resolverOf<Form extends FieldValues, Out>(
  check: (form: Form) => Checked<Out>,
): Resolver<Form, unknown, Out> {
  return (form) => {
    const checked = check(form)
    if ('value' in checked) return { values: checked.value, errors: {} }
    const errors: FieldErrors<Form> = {}
    for (const { path, message } of checked.mistakes) {
      const place = path.map(String).join('.') || 'root'
      set(errors, `${place}${isList(path) ? '.root' : ''}`, { type: 'schema', message })
    }
    return { values: {}, errors }
  }
}

/** A mistake of a whole list must not stand in the way of those of its rows. */
const LISTS = new Set<PropertyKey>(['filters', 'matches', 'backendRefs', 'labels', 'links'])
const isList = (path: readonly PropertyKey[]): boolean => LISTS.has(path.at(-1) ?? '')

/** The first message at or below a place of the errors. */
export function messageAt(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  if ('message' in error && typeof error.message === 'string') return error.message
  for (const [key, value] of Object.entries(error)) {
    if (key === 'ref') continue
    const found = messageAt(value)
    if (found !== undefined) return found
  }
  return undefined
}
