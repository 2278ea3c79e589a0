// apply, diff, get, delete: resources as YAML.
import { KINDS, type Kind } from '@heddle/shared'
import { ConsoleError } from '../console/errors.ts'
import { formatMistake, type Manifest, nameOf, type PlacedMistake, parseManifest } from '../manifest/parse.ts'
import { nameIn, versionIn, withoutVersion } from '../manifest/resourceHead.ts'
import { readSources } from '../manifest/sources.ts'
import { toYaml, yamlDiff } from '../manifest/yamlDiff.ts'
import { AdviceError, usageError } from '../terminal/advice.ts'
import { didYouMean, nearest } from '../terminal/didYouMean.ts'
import { EXIT } from '../terminal/exitCodes.ts'
import { formatJson, formatTable } from '../terminal/print.ts'
import type { Context } from './context.ts'

type ServerMistake = { document: number; path: readonly (string | number)[]; message: string }

/** All documents of all files. Throws with every mistake when there is one: nothing has been changed then. */
export function loadManifests(paths: readonly string[]): Manifest {
  const manifests = readSources(paths).map(parseManifest)
  const all = {
    documents: manifests.flatMap(({ documents }) => documents),
    mistakes: manifests.flatMap(({ mistakes }) => mistakes),
  }
  refuse(all.mistakes)
  if (all.documents.length === 0) throw new AdviceError(`${paths.join(', ')}: there is no resource in it.`)
  return all
}

/** The console's mistakes, brought back to file, line and column. */
function place({ documents }: Manifest, { document, path, message }: ServerMistake): PlacedMistake {
  const where = documents[document]?.locate(path) ?? { file: '<unknown>', line: 1, column: 1 }
  return { ...where, message: `${nameOf(path)}${message}` }
}

function refuse(mistakes: readonly PlacedMistake[]): void {
  if (mistakes.length === 0) return
  const lines = mistakes.map(formatMistake).join('\n')
  throw new AdviceError(
    `nothing was changed, for ${mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`}:\n${lines}`,
  )
}

async function send({ client, terminal }: Context, procedure: 'config.put' | 'config.diff', manifest: Manifest) {
  const documents = manifest.documents.map(({ value }) => value)
  try {
    const output = await client.call(procedure, { documents })
    refuse(output.mistakes.map((mistake) => place(manifest, mistake)))
    for (const warning of output.warnings) terminal.note(`warning: ${formatMistake(place(manifest, warning))}`)
    return output
  } catch (error) {
    if (error instanceof ConsoleError && error.mistakes.length > 0)
      refuse(error.mistakes.map((mistake) => place(manifest, mistake)))
    throw error
  }
}

export async function apply(context: Context, manifest: Manifest, isJson: boolean): Promise<void> {
  const { revision, items } = await send(context, 'config.put', manifest)
  const { out } = context.terminal
  if (isJson) {
    out(formatJson({ revision, items: items.map(({ ref, result }) => ({ ...ref, result })) }))
    return
  }
  for (const { ref, result } of items) out(`${ref.kind}/${ref.name} ${result}`)
  if (revision !== null) context.terminal.note(`revision ${revision}; "heddle revert ${revision}" takes it back`)
}

/** Exit code 0 whether or not there is a difference: what differs is on stdout. */
export async function diff(context: Context, manifest: Manifest): Promise<void> {
  const { items } = await send(context, 'config.diff', manifest)
  for (const { ref, before, after } of items) {
    const text = yamlDiff(`${ref.kind}/${ref.name}`, withoutVersion(before), withoutVersion(after))
    if (text !== '') context.terminal.out(text)
  }
}

/** The kind that a word means: any case, singular or plural. */
export function readKind(word: string): Kind {
  const lower = word.toLowerCase()
  const kind = KINDS.find((known) => [known.toLowerCase(), `${known.toLowerCase()}s`].includes(lower))
  if (kind !== undefined) return kind
  const advice = didYouMean(
    word,
    KINDS.flatMap((known) => [known, `${known}s`]),
  )
  throw usageError(
    `unknown kind "${word}"${advice === undefined ? '' : `, ${advice}`}`,
    `There are ${KINDS.join(', ')}.`,
  )
}

/** Throws advice with the nearest name where there is no such resource. */
async function missing({ client }: Context, kind: Kind, name: string): Promise<AdviceError> {
  const { resources } = await client.call('config.get', { kind })
  const near = nearest(name, resources.map(nameIn))
  return new AdviceError(`there is no ${kind} "${name}"${near === undefined ? '' : `, did you mean "${near}"?`}`, {
    advice: near === undefined ? `"heddle get ${kind.toLowerCase()}" lists what there is.` : undefined,
  })
}

export async function get(
  context: Context,
  kind: Kind,
  name: string | undefined,
  format: 'table' | 'yaml' | 'json',
): Promise<void> {
  const { out } = context.terminal
  const input = name === undefined ? { kind } : { kind, name }
  const resources = await context.client.call('config.get', input).then(
    (output) => output.resources,
    (error: unknown) => {
      if (error instanceof ConsoleError && error.code === 'not_found') return []
      throw error
    },
  )
  if (name !== undefined && resources.length === 0) throw await missing(context, kind, name)
  if (format === 'json') return out(formatJson(name === undefined ? { resources } : resources[0]))
  if (format === 'yaml') return out(resources.map(toYaml).join('---\n').trimEnd())
  if (resources.length === 0) return out(`There is no ${kind} yet.`)
  out(
    formatTable(
      ['NAME', 'VERSION'],
      resources.map((resource) => [nameIn(resource), versionIn(resource)]),
    ),
  )
}

export async function remove(context: Context, kind: Kind, name: string): Promise<void> {
  try {
    const { revision } = await context.client.call('config.delete', { ref: { kind, name } })
    context.terminal.out(`${kind}/${name} deleted`)
    context.terminal.note(`revision ${revision}; "heddle revert ${revision}" brings it back`)
  } catch (error) {
    if (error instanceof ConsoleError && error.code === 'not_found') throw await missing(context, kind, name)
    throw error
  }
}

/** For `-o` of commands that print tables. */
export function readFormat<F extends string>(given: string | undefined, allowed: readonly F[]): F | undefined {
  if (given === undefined) return undefined
  const format = allowed.find((known) => known === given)
  if (format !== undefined) return format
  throw new AdviceError(`-o ${given}: there is ${allowed.join(', ')}`, { exitCode: EXIT.usage })
}
