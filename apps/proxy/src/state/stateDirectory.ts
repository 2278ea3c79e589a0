// The state directory of one instance, 0700: who it is, its key and certificate, the last config and its ports. It
// belongs to one process at a time. At the first start everything must be written; later a disk that takes nothing
// any more costs the memory of what changed, never the traffic.
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { instanceIdSchema, serviceNameSchema, versionSchema } from '@heddle/shared/names'
import { z } from 'zod'
import type { Log } from '../interfaces.ts'
import { EXIT, errorCode, messageOf, StartError } from '../lifecycle/startError.ts'
import { readJson, replaceFile, setAside, writeFileAtomically } from './atomicFile.ts'
import { directoryName, newInstanceId } from './instanceName.ts'
import { lockDirectory } from './lock.ts'

/** Of one service and version on one host; beyond that somebody's script loops. */
const MOST_INSTANCES = 1_000
const instanceSchema = z.object({ instance: instanceIdSchema, service: serviceNameSchema, version: versionSchema })

const certificateFileSchema = z.object({
  trustDomain: z.string(),
  chain: z.string(),
  roots: z.array(z.string()).min(1),
  /** When it came, by this machine's clock, milliseconds since the epoch: renewal counts from there. */
  receivedAt: z.number(),
})
export type StoredCertificate = z.infer<typeof certificateFileSchema>

export const portsSchema = z.object({
  outbound: z.int().min(1).max(65535),
  inbound: z.int().min(1).max(65535).nullable(),
  admin: z.int().min(1).max(65535),
  public: z.int().min(1).max(65535).nullable(),
})
export type Ports = z.infer<typeof portsSchema>

export interface Claim {
  home: string
  service: string
  version: string
  /** Name of the directory, less `<service>-<version>-`; null: the lowest free number. */
  instance: string | null
  log: Log
}

export class StateDirectory implements Disposable {
  readonly path: string
  /** `<service>-<version>-<n>-<4 random letters>`, a SAN of the certificate. */
  readonly instance: string
  readonly #lock: Disposable
  readonly #log: Log
  #writable = true
  #failedWrites = 0

  private constructor(path: string, instance: string, lock: Disposable, log: Log) {
    this.path = path
    this.instance = instance
    this.#lock = lock
    this.#log = log
  }

  /** Finds or makes the directory and takes its lock. Throws a StartError that says what to do. */
  static claim(claim: Claim): StateDirectory {
    const parent = join(claim.home, 'instances')
    try {
      mkdirSync(parent, { recursive: true, mode: 0o700 })
      if (claim.instance !== null)
        return StateDirectory.#claimNamed(parent, directoryName(claim.instance, claim.service, claim.version), claim)
      for (let n = 1; n <= MOST_INSTANCES; n++) {
        const name = `${claim.service}-${claim.version}-${n}`
        const taken = StateDirectory.#take(parent, name, claim)
        if (taken instanceof StateDirectory) return taken
      }
      throw new StartError(
        EXIT.busy,
        `${MOST_INSTANCES} instances of ${claim.service} ${claim.version} run on this machine already.`,
      )
    } catch (error) {
      if (error instanceof StartError) throw error
      throw new StartError(
        EXIT.cannotCreate,
        `The state directory below ${parent} cannot be used: ${messageOf(error)}. ` +
          'Make room or grant access there, or set HEDDLE_HOME to another directory.',
        { cause: error },
      )
    }
  }

  static #claimNamed(parent: string, name: string, claim: Claim): StateDirectory {
    const taken = StateDirectory.#take(parent, name, claim)
    if (taken instanceof StateDirectory) return taken
    if ('heldBy' in taken) {
      throw new StartError(
        EXIT.busy,
        `The instance "${name}" is already running (${taken.heldBy}). Choose another name with --instance, or leave the option out.`,
      )
    }
    throw new StartError(
      EXIT.busy,
      `The instance "${name}" belongs to the service ${taken.owner}. Choose another name with --instance, or remove ${join(parent, name)}.`,
    )
  }

  static #take(
    parent: string,
    name: string,
    { service, version, log }: Claim,
  ): StateDirectory | { heldBy: string } | { owner: string } {
    const path = join(parent, name)
    mkdirSync(path, { recursive: true, mode: 0o700 })
    if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o700)
    const result = lockDirectory(path)
    if ('heldBy' in result) return result
    try {
      const file = join(path, 'instance.json')
      const known = readJson(file, instanceSchema)
      if ('found' in known && known.found.service !== service) {
        result.lock[Symbol.dispose]()
        return { owner: known.found.service }
      }
      if ('found' in known && known.found.version === version) {
        return new StateDirectory(path, known.found.instance, result.lock, log)
      }
      if ('corrupt' in known)
        log.warn('the instance file was not readable and was set aside', { reason: known.corrupt })
      // The id and the version are fixed in the certificate: a new version is a new instance in the same place.
      for (const stale of ['key.pem', 'certificate.json', 'snapshot.json']) rmSync(join(path, stale), { force: true })
      const instance = newInstanceId(name)
      writeFileAtomically(file, JSON.stringify({ instance, service, version }))
      return new StateDirectory(path, instance, result.lock, log)
    } catch (error) {
      result.lock[Symbol.dispose]()
      throw error
    }
  }

  /** Whether the last write succeeded, for a gauge. */
  get writable(): boolean {
    return this.#writable
  }

  /** Writes that failed since the start, for a counter. */
  get failedWrites(): number {
    return this.#failedWrites
  }

  /** The private key, PEM, or undefined. */
  readKey(): string | undefined {
    try {
      return readFileSync(join(this.path, 'key.pem'), 'utf8')
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined
      throw error
    }
  }

  /** The key must be on disk before it is certified: a token's use would be lost with it. Throws a StartError. */
  writeKey(pem: string): void {
    try {
      writeFileAtomically(join(this.path, 'key.pem'), pem)
    } catch (error) {
      throw new StartError(
        EXIT.cannotCreate,
        `The key cannot be written to ${this.path}: ${messageOf(error)}. Make room there, or set HEDDLE_HOME to another directory.`,
        { cause: error },
      )
    }
  }

  setKeyAside(): void {
    setAside(join(this.path, 'key.pem'))
  }

  readCertificate(): StoredCertificate | undefined {
    return this.#read('certificate.json', certificateFileSchema)
  }

  /** Synchronous and durable; false where the disk refused (counted and logged). */
  writeCertificate(certificate: StoredCertificate): boolean {
    return this.#attempt('certificate.json', (path) => writeFileAtomically(path, JSON.stringify(certificate)))
  }

  readPorts(): Ports | undefined {
    return this.#read('ports.json', portsSchema)
  }

  writePorts(ports: Ports): boolean {
    return this.#attempt('ports.json', (path) => writeFileAtomically(path, JSON.stringify(ports)))
  }

  readSnapshot<T>(schema: z.ZodType<T>): T | undefined {
    return this.#read('snapshot.json', schema)
  }

  /** Does not hold up traffic. False where the disk refused (counted and logged). */
  async writeSnapshot(text: string): Promise<boolean> {
    try {
      await replaceFile(join(this.path, 'snapshot.json'), text)
      this.#succeeded()
      return true
    } catch (error) {
      this.#failed('snapshot.json', error)
      return false
    }
  }

  /** Frees the directory for another process. */
  [Symbol.dispose](): void {
    this.#lock[Symbol.dispose]()
  }

  #read<T>(name: string, schema: z.ZodType<T>): T | undefined {
    const result = readJson(join(this.path, name), schema)
    if ('found' in result) return result.found
    if ('corrupt' in result) {
      this.#log.warn('a state file was not readable and was set aside', { file: name, reason: result.corrupt })
    }
    return undefined
  }

  #attempt(name: string, write: (path: string) => void): boolean {
    try {
      write(join(this.path, name))
      this.#succeeded()
      return true
    } catch (error) {
      this.#failed(name, error)
      return false
    }
  }

  #succeeded(): void {
    if (!this.#writable) this.#log.info('the state directory can be written again', { directory: this.path })
    this.#writable = true
  }

  #failed(file: string, error: unknown): void {
    this.#failedWrites++
    // Once per change of state: a full disk must not be filled with lines about it.
    if (this.#writable) {
      this.#log.error(
        'the state directory cannot be written; traffic goes on, but a restart would start from older state',
        {
          directory: this.path,
          file,
          reason: messageOf(error),
        },
      )
    }
    this.#writable = false
  }
}
