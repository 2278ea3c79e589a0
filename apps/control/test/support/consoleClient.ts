// The console's end: enrolment with the one-time secret, and the stream.
import { once } from 'node:events'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type ConsoleMessage, consoleMessageSchema, type LiveBucket } from '@heddle/shared/wire/console'
import { joinResponseSchema } from '@heddle/shared/wire/join'
import { eventually } from '@heddle/testkit/eventually'
import { z } from 'zod'
import { type Answer, post } from './joinClient.ts'
import { newKey } from './keys.ts'
import { openSocket } from './proxyClient.ts'
import type { TestControl } from './testControl.ts'

const secretSchema = z.object({ secret: z.string(), rootSha256: z.string(), controlUrl: z.string() })
export type SecretFile = z.infer<typeof secretSchema> & { mode: number }

export async function readSecret(mesh: TestControl): Promise<SecretFile> {
  const path = join(mesh.home, 'console-secret')
  return { ...secretSchema.parse(JSON.parse(await readFile(path, 'utf8'))), mode: (await stat(path)).mode & 0o777 }
}

export interface ConsoleCredentials {
  key: string
  chain: string
  roots: string[]
}

export async function tryEnrol(
  mesh: TestControl,
  secret: string,
): Promise<Answer & { credentials?: ConsoleCredentials }> {
  const key = await newKey()
  const answer = await post(mesh.control.port, '/v1/console/join', { secret, csr: key.csr })
  const parsed = joinResponseSchema.safeParse(answer.body)
  return answer.status === 200 && parsed.success
    ? { ...answer, credentials: { key: key.pem, chain: parsed.data.chain, roots: parsed.data.roots } }
    : answer
}

export async function enrol(mesh: TestControl): Promise<ConsoleCredentials> {
  const { status, credentials } = await tryEnrol(mesh, (await readSecret(mesh)).secret)
  if (credentials === undefined) throw new Error(`the console was answered ${status}`)
  return credentials
}

export class ConsoleClient implements AsyncDisposable {
  readonly messages: ConsoleMessage[] = []
  readonly socket: ReturnType<typeof openSocket>

  private constructor(socket: ReturnType<typeof openSocket>) {
    this.socket = socket
    socket.on('message', (data: Buffer) => this.messages.push(consoleMessageSchema.parse(JSON.parse(data.toString()))))
    socket.on('error', () => {})
  }

  static async connect(mesh: TestControl, credentials: ConsoleCredentials): Promise<ConsoleClient> {
    const client = new ConsoleClient(openSocket(mesh.control.port, '/v1/console', credentials))
    await once(client.socket, 'open')
    return client
  }

  /** The first message, also one that has come already, for which `pick` answers. */
  find<T>(what: string, pick: (message: ConsoleMessage) => T | undefined): Promise<T> {
    return eventually(what, () => {
      for (const message of this.messages) {
        const found = pick(message)
        if (found !== undefined) return found
      }
      return undefined
    })
  }

  /** Every live bucket so far. */
  buckets(): LiveBucket[] {
    return this.messages.flatMap((message) =>
      message.type === 'state' || message.type === 'live' ? message.buckets : [],
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.socket.readyState === this.socket.CLOSED) return
    this.socket.terminate()
    await once(this.socket, 'close')
  }
}
