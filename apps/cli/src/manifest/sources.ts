// Where manifests come from: a file, every YAML or JSON file of a directory (by name), or standard input.
import { closeSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { AdviceError, messageOf } from '../terminal/advice.ts'

export interface ManifestSource {
  /** As errors name it. */
  name: string
  text: string
}

const EXTENSIONS = new Set(['.yaml', '.yml', '.json'])

/** Reads each of `paths`, `-` being standard input. Throws advice where there is nothing to read. */
export function readSources(paths: readonly string[]): ManifestSource[] {
  return paths.flatMap((path) => {
    if (path === '-') return [{ name: '<stdin>', text: readText(standardInput(), 'standard input') }]
    const files = filesOf(path)
    if (files.length === 0) throw new AdviceError(`${path} has no .yaml, .yml or .json file.`)
    return files.map((file) => ({ name: file, text: readText(file, file) }))
  })
}

/** Opened anew where that works: descriptor 0 may be non-blocking by now, and a slow writer would then be EAGAIN. */
function standardInput(): string | number {
  try {
    closeSync(openSync('/dev/stdin', 'r'))
    return '/dev/stdin'
  } catch {
    return 0 // A socket, or a system without such a file.
  }
}

function filesOf(path: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path]
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory() && EXTENSIONS.has(extname(entry.name)))
      .map((entry) => join(path, entry.name))
      .sort()
  } catch (error) {
    throw new AdviceError(`${path} cannot be read: ${messageOf(error)}`, { cause: error })
  }
}

function readText(file: string | number, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file))
  } catch (error) {
    const reason = error instanceof TypeError ? 'it is not UTF-8 text' : messageOf(error)
    throw new AdviceError(`${name} cannot be read: ${reason}`, { cause: error })
  }
}
