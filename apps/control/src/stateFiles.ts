// Small files in HEDDLE_HOME that live as long as the directory: made once, by whoever comes first.
import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** The word in the file; where there is none, `make`'s. Of two processes that start at once both get the same. */
export async function wordInFile(path: string, make: () => string): Promise<string> {
  const found = await read(path)
  if (found !== undefined) return found
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${randomBytes(4).toString('hex')}`
  try {
    await writeFile(draft, make(), { mode: 0o600, flag: 'wx' })
    // A link fails where the name exists, and what it names is complete.
    await link(draft, path)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  } finally {
    await rm(draft, { force: true })
  }
  const made = await read(path)
  if (made === undefined) throw new Error(`${path} holds no id. Remove it, and a new one is made.`)
  return made
}

async function read(path: string): Promise<string | undefined> {
  try {
    const text = (await readFile(path, 'utf8')).trim()
    return /^[\x21-\x7e]{1,64}$/.test(text) ? text : undefined
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
