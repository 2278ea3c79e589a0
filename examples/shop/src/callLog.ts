// The shopper's own log of calls, JSON lines. Beyond a size it goes on in a new file; one old file (`<path>.1`) is kept.
import { appendFile } from 'node:fs'
import { rename, stat } from 'node:fs/promises'

/** About three hours of 20 calls per second, each in the old and the new file. */
const MAX_BYTES = 20 * 1024 * 1024

export interface CallLog {
  write(entry: object): void
  /** Resolves when everything is in the file. */
  end(): Promise<void>
}

export async function openCallLog(path: string, maxBytes = MAX_BYTES): Promise<CallLog> {
  let bytes = await stat(path).then(
    ({ size }) => size,
    () => 0,
  )
  let waiting: string[] = []
  let writing: Promise<void> | undefined

  const append = (text: string): Promise<void> =>
    new Promise((resolve) =>
      appendFile(path, text, { mode: 0o600 }, (error) => {
        if (error) process.stderr.write(`traffic: ${path} cannot be written: ${error.message}\n`)
        resolve()
      }),
    )
  const flush = async (): Promise<void> => {
    while (waiting.length > 0) {
      const text = waiting.join('')
      waiting = []
      if (bytes > 0 && bytes + text.length > maxBytes) {
        await rename(path, `${path}.1`).catch(() => {})
        bytes = 0
      }
      bytes += text.length
      await append(text)
    }
    writing = undefined
  }
  return {
    write(entry) {
      waiting.push(`${JSON.stringify(entry)}\n`)
      writing ??= flush()
    },
    async end() {
      await writing
    },
  }
}
