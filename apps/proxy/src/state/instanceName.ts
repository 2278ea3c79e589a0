// What an instance and its directory are called.
import { randomBytes } from 'node:crypto'
import { derivedName } from '@heddle/shared/names'

/** `--instance blue` of catalog v1 is `catalog-v1-blue`: instance ids begin with what they are instances of. */
export function directoryName(instance: string, service: string, version: string): string {
  const prefix = `${derivedName(service, version)}-`
  return instance.startsWith(prefix) && instance.length > prefix.length ? instance : `${prefix}${instance}`
}

/** `<directory's name>-<4 random letters>`: one DNS label, at most 63 characters. */
export function newInstanceId(name: string): string {
  const letters = Array.from(randomBytes(4), (byte) => String.fromCharCode(97 + (byte % 26))).join('')
  return `${name.slice(0, 63 - 5).replace(/-+$/, '')}-${letters}`
}
