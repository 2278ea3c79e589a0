// Files that are whole or absent: written beside their place, then renamed over it. What a crash or a full disk can
// leave behind is the old content, never half of the new. Who may lose a write and go on is decided by the caller.
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import type { z } from 'zod'
import { errorCode } from '../lifecycle/startError.ts'

const PRIVATE_FILE = 0o600

/** Writes `text`, durably, mode 0600; throws what the file system throws, and leaves no remains. */
export function writeFileAtomically(path: string, text: string): void {
  const beside = `${path}.new`
  try {
    const file = openSync(beside, 'w', PRIVATE_FILE)
    try {
      writeFileSync(file, text)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(beside, path)
  } catch (error) {
    rmSync(beside, { force: true })
    throw error
  }
}

/** As `writeFileAtomically`, without holding up traffic and without waiting for the disk: for what can be fetched anew. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const beside = `${path}.new`
  try {
    await using file = await open(beside, 'w', PRIVATE_FILE)
    await file.writeFile(text)
    await file.close()
    await rename(beside, path)
  } catch (error) {
    await rm(beside, { force: true }).catch(() => {})
    throw error
  }
}

export type ReadResult<T> = { found: T } | { absent: true } | { corrupt: string }

/** The JSON in a file, checked; a file that cannot be understood is set aside as `<name>.corrupt`. */
export function readJson<T>(path: string, schema: z.ZodType<T>): ReadResult<T> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { absent: true }
    throw error
  }
  let reason: string
  try {
    const parsed = schema.safeParse(JSON.parse(text))
    if (parsed.success) return { found: parsed.data }
    reason = parsed.error.issues[0]?.message ?? 'not of the expected form'
  } catch {
    reason = 'not JSON'
  }
  setAside(path)
  return { corrupt: reason }
}

/** Keeps what could not be read for whoever wants to look; only the last one. */
export function setAside(path: string): void {
  try {
    renameSync(path, `${path}.corrupt`)
  } catch {
    // A read-only disk: the file stays and is overwritten when it can be.
  }
}
