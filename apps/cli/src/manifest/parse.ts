// YAML text to documents, each able to say where one of its fields stands. Every mistake is collected with its place;
// what a document means is checked here against the schemas, and once more, with what is stored, by the console.
import { KINDS, resourceSchema } from '@heddle/shared'
import { isCollection, isMap, isNode, isPair, LineCounter, type Node, type Pair, parseAllDocuments } from 'yaml'
import type { z } from 'zod'
import { didYouMean } from '../terminal/didYouMean.ts'
import type { ManifestSource } from './sources.ts'

export type FieldPath = readonly (string | number)[]

/** A mistake and where it stands; line and column from 1. */
export interface PlacedMistake {
  file: string
  line: number
  column: number
  message: string
}

export interface ManifestDocument {
  /** Plain values, as the API takes them. */
  value: unknown
  /** The place of the field at `path`, or of the nearest thing above it that is there. */
  locate(path: FieldPath): Omit<PlacedMistake, 'message'>
}

export interface Manifest {
  documents: ManifestDocument[]
  mistakes: PlacedMistake[]
}

/** Aliases expand to more than this many nodes only in an attack ("billion laughs"). */
const MAX_ALIASES = 100

export function parseManifest({ name: file, text }: ManifestSource): Manifest {
  const lines = new LineCounter()
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(1, line), column: Math.max(1, col) }
  }
  const mistakes: PlacedMistake[] = []
  const documents: ManifestDocument[] = []
  const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
  for (const document of Array.isArray(parsed) ? parsed : []) {
    for (const error of [...document.errors, ...document.warnings])
      mistakes.push({ ...place(error.pos[0]), message: sentenceOf(error.code, error.message) })
    // An empty document, as after a last `---`, says nothing.
    if (document.errors.length > 0 || document.contents === null) continue
    const root = document.contents
    const locate = (path: FieldPath) => place(offsetOf(root, path))
    try {
      const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES })
      if (value !== null) documents.push({ value, locate })
    } catch (error) {
      mistakes.push({ ...locate([]), message: error instanceof Error ? error.message : String(error) })
    }
  }
  for (const document of documents)
    for (const { path, message } of mistakesOf(document.value)) mistakes.push({ ...document.locate(path), message })
  return { documents, mistakes }
}

/** yaml's own messages, in words that say what to do where people stumble. */
function sentenceOf(code: string, message: string): string {
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'a tab cannot indent YAML; use spaces'
    case 'DUPLICATE_KEY':
      return 'this key is given twice'
    default:
      return message.replace(/ at line \d+, column \d+:?[\s\S]*$/, '')
  }
}

/** Offset in the text of what `path` leads to: a key for a map's field, an item of a list, else the nearest above. */
function offsetOf(root: Node, path: FieldPath): number {
  let node: unknown = root
  let offset = startOf(root)
  for (const step of path) {
    if (!isCollection(node)) break
    if (isMap(node)) {
      const pair: Pair | undefined = node.items.find(
        ({ key }) =>
          (typeof key === 'object' && key !== null && 'value' in key ? String(key.value) : key) === String(step),
      )
      if (pair === undefined) break
      offset = isNode(pair.key) ? startOf(pair.key) : offset
      node = pair.value
    } else {
      const item: unknown = node.items[Number(step)]
      if (item === undefined) break
      node = isPair(item) ? item.value : item
      offset = isNode(node) ? startOf(node) : offset
    }
  }
  return offset
}

const startOf = (node: Node): number => node.range?.[0] ?? 0

function mistakesOf(value: unknown): { path: FieldPath; message: string }[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [{ path: [], message: 'a resource is a map with apiVersion, kind, metadata and spec' }]
  const kind = 'kind' in value ? value.kind : undefined
  if (typeof kind !== 'string') return [{ path: [], message: `"kind" is missing: one of ${KINDS.join(', ')}` }]
  if (!KINDS.some((known) => known === kind)) {
    const advice = didYouMean(kind, KINDS) ?? `there are ${KINDS.join(', ')}`
    return [{ path: ['kind'], message: `unknown kind "${kind}", ${advice}` }]
  }
  const parsed = resourceSchema.safeParse(value)
  return parsed.success ? [] : parsed.error.issues.flatMap(describeIssue)
}

/** One issue of a schema, as mistakes with a path; a union's are those of the branch that came nearest. */
function describeIssue(issue: z.core.$ZodIssue): { path: FieldPath; message: string }[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: [...path, key], message: `unknown field "${key}"` }))
    case 'invalid_type':
      return [{ path, message: `${nameOf(path)}${issue.message.replace(/^Invalid input: /, '')}` }]
    default:
      return [{ path, message: `${nameOf(path)}${issue.message.replace(/^Invalid (?:input|option): /, '')}` }]
  }
}

/** `spec.rules[0].name: `, so that a message can be read without opening the file. */
export function nameOf(path: FieldPath): string {
  if (path.length === 0) return ''
  const text = path.map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`)).join('')
  return `${text}: `
}

/** `file:line:column: message`, as editors and terminals make links of. */
export function formatMistake({ file, line, column, message }: PlacedMistake): string {
  return `${file}:${line}:${column}: ${message}`
}
