// Joining over real TLS, as any client could do it.
import { request } from 'node:https'
import { type JoinResponse, joinResponseSchema, refusalSchema } from '@heddle/shared/wire/join'
import { type ClientKey, newKey } from './keys.ts'
import type { TestControl } from './testControl.ts'

export interface Answer {
  status: number
  body: unknown
}

/** POST without a client certificate; the server's is not checked here. */
export function post(port: number, path: string, body: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { method: 'POST', host: '127.0.0.1', port, path, rejectUnauthorized: false, agent: false },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString('utf8')) }),
        )
      },
    )
    outgoing.on('error', reject)
    outgoing.end(typeof body === 'string' ? body : JSON.stringify(body))
  })
}

export interface JoinInput {
  token: string
  service: string
  version?: string
  instance?: string
  key?: ClientKey
  loopback?: boolean
  hostId?: string
}

export interface Credentials extends JoinResponse {
  key: string
  service: string
  version: string
  instance: string
}

let instances = 0
const letters = () => {
  instances++
  return `${instances}-test`
}

export async function tryJoin(mesh: TestControl, input: JoinInput): Promise<Answer & { credentials?: Credentials }> {
  const key = input.key ?? (await newKey())
  const version = input.version ?? 'v1'
  const instance = input.instance ?? `${input.service}-${version}-${letters()}`
  const answer = await post(mesh.control.port, '/v1/join', {
    token: input.token,
    service: input.service,
    version,
    instance,
    csr: key.csr,
    loopback: input.loopback ?? true,
    hostId: input.hostId ?? 'host',
  })
  const parsed = joinResponseSchema.safeParse(answer.body)
  if (answer.status !== 200 || !parsed.success) return answer
  return { ...answer, credentials: { ...parsed.data, key: key.pem, service: input.service, version, instance } }
}

export async function join(mesh: TestControl, service: string, version = 'v1'): Promise<Credentials> {
  const { status, body, credentials } = await tryJoin(mesh, { token: await mesh.token(service), service, version })
  if (credentials === undefined) throw new Error(`the join was answered ${status}: ${JSON.stringify(body)}`)
  return credentials
}

/** The code of a refusal. */
export const codeOf = (answer: Answer): string => refusalSchema.parse(answer.body).error
