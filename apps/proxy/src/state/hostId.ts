// The random id of a HEDDLE_HOME: endpoints on a loopback address are given only to proxies that share it. Whoever
// needs it first makes it, in the same form; all others read it.
import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newId } from '@heddle/shared/joinToken'
import { errorCode } from '../lifecycle/startError.ts'

/** The id, 1 to 64 characters. Throws what the file system throws. */
export function hostId(home: string): string {
  const path = join(home, 'host-id')
  const found = read(path)
  if (found !== undefined) return found
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const beside = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  try {
    writeFileSync(beside, newId(), { mode: 0o600, flag: 'wx' })
    // A link fails where the name exists, and what it names is complete: two that start at once agree on one id.
    linkSync(beside, path)
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
  } finally {
    rmSync(beside, { force: true })
  }
  const made = read(path)
  if (made === undefined) throw new Error(`${path} holds no id; remove it, and a new one is made`)
  return made
}

function read(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8').trim()
    return /^[\x21-\x7e]{1,64}$/.test(text) ? text : undefined
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}
