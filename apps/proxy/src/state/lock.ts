// An exclusive lock on a directory that ends with its process, however that ends. Node offers no flock(2); the lock
// that SQLite takes on its file is the kernel's own (fcntl), so a crash frees it and nothing has to guess whether a
// process id is still the one that wrote it. Nothing is ever stored in that file.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { messageOf } from '../lifecycle/startError.ts'

/** SQLite's result codes SQLITE_BUSY and SQLITE_LOCKED (https://sqlite.org/rescode.html). */
const HELD_BY_ANOTHER = new Set([5, 6])

export type LockResult = { lock: Disposable } | { heldBy: string }

/** Takes the lock of `directory`, or says who holds it. Throws where the directory cannot be written. */
export function lockDirectory(directory: string): LockResult {
  const database = new DatabaseSync(join(directory, 'lock'), { timeout: 0 })
  const holder = join(directory, 'lock.pid')
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (error instanceof Error && 'errcode' in error && HELD_BY_ANOTHER.has(Number(error.errcode))) {
      return { heldBy: processIn(holder) }
    }
    throw new Error(messageOf(error), { cause: error })
  }
  try {
    writeFileSync(holder, String(process.pid), { mode: 0o600 })
  } catch {
    // Only for the other one's message.
  }
  return { lock: { [Symbol.dispose]: () => database.close() } }
}

function processIn(path: string): string {
  try {
    const pid = readFileSync(path, 'utf8').trim()
    return /^\d+$/.test(pid) ? `process ${pid}` : 'another process'
  } catch {
    return 'another process'
  }
}
