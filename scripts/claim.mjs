// A file that one process at a time may have: it is there with all of its text or not at all, and the file of a process
// that died is taken over by exactly one of those who want it. Runs on any Node.
import { randomBytes } from 'node:crypto'
import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'

/** Taking over is a handful of calls in a row: whoever has not finished after this long died in the middle of it. */
const TAKEOVER_MS = 10_000

const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']

/** The file's text, or undefined where there is none. */
function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

/** For a file system without hard links: the text comes a moment after the file. */
function createInPlace(path, text) {
  try {
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' })
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

/** Makes the file with its text in one step; false where there is one. */
function create(path, text) {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  writeFileSync(draft, text, { mode: 0o600, flag: 'wx' })
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    if (!NO_LINKS.includes(error.code)) throw error
    return createInPlace(path, text)
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Removes the file if it still has the text that was judged: two who judge at once must not remove the other's. */
function removeLeftOver(path, text) {
  const takeover = `${path}.takeover`
  if (!create(takeover, String(process.pid))) {
    const since = statSync(takeover, { throwIfNoEntry: false })?.mtimeMs
    if (since !== undefined && Date.now() - since > TAKEOVER_MS) rmSync(takeover, { force: true })
    return
  }
  try {
    if (read(path) === text) rmSync(path, { force: true })
  } finally {
    rmSync(takeover, { force: true })
  }
}

/**
 * Tries to get the file at `path` (0600) for this process, with `text`, which no other process would write. undefined:
 * it is ours. Otherwise the text of the one who has it, `isLeftOver(text)` being false, or '' while that is changing.
 */
export function claimFile(path, text, isLeftOver) {
  if (create(path, text)) return undefined
  const held = read(path)
  if (held !== undefined && !isLeftOver(held)) return held
  if (held !== undefined) removeLeftOver(path, held)
  return create(path, text) ? undefined : (read(path) ?? '')
}
