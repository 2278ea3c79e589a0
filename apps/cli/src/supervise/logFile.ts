// Log files that do not fill the disk: beyond a size the text moves to `<file>.1`, in place of what was there before.
import { copyFileSync, rmSync, statSync, truncateSync } from 'node:fs'

/** Two of them per part of the mesh: weeks of an ordinary log, a fraction of the disk. */
export const LOG_BYTES = 20 * 1024 * 1024
const LOOK_EVERY_MS = 60_000

/**
 * Moves the text of a file beyond `maxBytes` aside. The file itself stays: who writes to it goes on with it, at its
 * beginning, if it was opened to append. A line written in that very moment may be lost.
 */
export function rotate(path: string, maxBytes = LOG_BYTES): void {
  try {
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) <= maxBytes) return
    try {
      copyFileSync(path, `${path}.1`)
    } catch {
      // A disk without room for a copy needs the room of the original.
      rmSync(`${path}.1`, { force: true })
    }
    truncateSync(path)
  } catch {
    // A log that cannot be shortened is no reason to end what it tells of.
  }
}

/** Rotates now and from time to time, until it is disposed. Does not keep the process alive. */
export function keepRotated(path: string): Disposable {
  rotate(path)
  const timer = setInterval(() => rotate(path), LOOK_EVERY_MS)
  timer.unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}
