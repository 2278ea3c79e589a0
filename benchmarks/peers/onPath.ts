// Finding programs.
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where root's own programs lie, which are not on everyone's PATH. */
const ALSO = ['/usr/sbin', '/usr/local/sbin']

/** The path of a program; null: there is none. */
export function onPath(name: string, path = process.env.PATH ?? ''): string | null {
  for (const folder of [...path.split(delimiter), ...ALSO]) {
    const file = join(folder, name)
    try {
      accessSync(file, constants.X_OK)
      return file
    } catch {
      // Not here.
    }
  }
  return null
}
