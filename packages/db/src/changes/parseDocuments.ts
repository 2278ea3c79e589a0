// Documents as they came (YAML, JSON) into resources, or every mistake of form with the field that it is in.
import { KINDS, type Resource, resourceSchema } from '@heddle/shared'
import type { Mistake } from '@heddle/shared/api/index'
import { didYouMean } from './didYouMean.ts'

export interface ParsedDocument {
  /** Position among the documents of the change. */
  document: number
  resource: Resource
}

type Issue = NonNullable<ReturnType<typeof resourceSchema.safeParse>['error']>['issues'][number]
type Path = Mistake['path']
const pathOf = (path: readonly PropertyKey[]): Path => path.map((key) => (typeof key === 'number' ? key : String(key)))

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Reflect.get(value, key)
  }
  return value
}

/** zod speaks to programmers; these are for whoever wrote the YAML. */
function mistakesOfIssue(document: number, root: unknown, issue: Issue): Mistake[] {
  const path = pathOf(issue.path)
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      document,
      path: [...path, key],
      message: `the field "${key}" is not known here`,
    }))
  if (valueAt(root, issue.path) === undefined && issue.code !== 'custom')
    return [{ document, path, message: 'is required' }]
  if (issue.code === 'invalid_type' && issue.message.startsWith('Invalid'))
    return [
      {
        document,
        path,
        message: `must be ${issue.expected === 'int' ? 'a whole number' : `of type ${issue.expected}`}`,
      },
    ]
  if (issue.code === 'invalid_value' && issue.message.startsWith('Invalid'))
    return [{ document, path, message: `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}` }]
  return [{ document, path, message: issue.message.replace(/^Invalid input: /, '') }]
}

function kindMistake(document: number, value: unknown): Mistake | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { document, path: [], message: 'a document must be a resource with apiVersion, kind, metadata and spec' }
  const kind: unknown = Reflect.get(value, 'kind')
  if (kind === undefined) return { document, path: ['kind'], message: `is required: ${KINDS.join(', ')}` }
  if (KINDS.some((known) => known === kind)) return undefined
  const hint = didYouMean(String(kind), KINDS) || `; known are ${KINDS.join(', ')}`
  return { document, path: ['kind'], message: `unknown kind "${String(kind)}"${hint}` }
}

export function parseDocuments(documents: readonly unknown[]): { parsed: ParsedDocument[]; mistakes: Mistake[] } {
  const parsed: ParsedDocument[] = []
  const mistakes: Mistake[] = []
  const seen = new Map<string, number>()
  for (const [document, value] of documents.entries()) {
    const wrongKind = kindMistake(document, value)
    if (wrongKind !== undefined) {
      mistakes.push(wrongKind)
      continue
    }
    const result = resourceSchema.safeParse(value)
    if (!result.success) {
      mistakes.push(...result.error.issues.flatMap((issue) => mistakesOfIssue(document, value, issue)))
      continue
    }
    const key = `${result.data.kind} ${result.data.metadata.name}`
    const first = seen.get(key)
    if (first !== undefined)
      mistakes.push({ document, path: ['metadata', 'name'], message: `${key} is in document ${first + 1} already` })
    else seen.set(key, document)
    parsed.push({ document, resource: result.data })
  }
  return { parsed, mistakes }
}
