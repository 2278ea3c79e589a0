// The CA's private keys lie in Postgres sealed with AES-256-GCM; the key that opens them lies in a file beside the
// control plane (HEDDLE_HOME/control/ca.key). Whoever has only one of the two has nothing.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'

const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
/** First byte of a sealed blob, so that another way of sealing can be told apart. */
const FORM = 1

/** Nonce, tag and ciphertext behind one byte that names the form. `name` is bound to the blob: it cannot be swapped. */
export function seal(key: Buffer, name: string, plain: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name))
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([Buffer.from([FORM]), nonce, cipher.getAuthTag(), sealed])
}

/** What was sealed; undefined where the key is another one, or the blob was changed. */
export function unseal(key: Buffer, name: string, blob: Buffer): Buffer | undefined {
  if (blob[0] !== FORM || blob.length < 1 + NONCE_BYTES + TAG_BYTES) return undefined
  const nonce = blob.subarray(1, 1 + NONCE_BYTES)
  const tag = blob.subarray(1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES)
  const cipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(Buffer.from(name)).setAuthTag(tag)
  try {
    return Buffer.concat([cipher.update(blob.subarray(1 + NONCE_BYTES + TAG_BYTES)), cipher.final()])
  } catch {
    return undefined
  }
}

/** The key in the file; undefined where there is no file. Throws where the file is not 32 bytes. */
export async function readKeyFile(path: string): Promise<Buffer | undefined> {
  let key: Buffer
  try {
    key = await readFile(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  if (key.length !== KEY_BYTES)
    throw new Error(`The CA key file ${path} is damaged: it has ${key.length} bytes instead of ${KEY_BYTES}.`)
  return key
}

/** Writes a new random key; fails where the file exists, so that no key is ever overwritten. */
export async function createKeyFile(path: string): Promise<Buffer> {
  const key = randomBytes(KEY_BYTES)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(key)
    // The database will hold what only this file opens: it must be on the disk before that.
    await file.sync()
  } finally {
    await file.close()
  }
  return key
}
