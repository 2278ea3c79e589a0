// How the mesh's own answers look on the wire: `x-heddle-error`, problem details, and nothing that could be cached; to a
// call of gRPC, a status of its own and no body.
import { MESH_ERROR_HEADER, MESH_ERRORS, type MeshErrorCode, problemOf } from '@heddle/shared/errors'
import { grpcMessage } from '../grpc/call.ts'
import { answerHead } from './answerHead.ts'
import type { HeaderList, RequestHead } from './exchange.ts'

/** Why what came is not served. */
export interface Refusal {
  code: MeshErrorCode
  detail: string
}

export function isRefusal(decoded: RequestHead | Refusal): decoded is Refusal {
  return 'code' in decoded
}

const NO_BODY = Buffer.alloc(0)

export interface RefusalAnswer {
  status: number
  headers: string[]
  body: Buffer
}

export function refusalAnswer(code: MeshErrorCode, detail?: string, extra: HeaderList = []): RefusalAnswer {
  const body = Buffer.from(`${JSON.stringify(problemOf(code, detail))}\n`)
  return {
    status: MESH_ERRORS[code].status,
    headers: [
      MESH_ERROR_HEADER,
      code,
      'content-type',
      'application/problem+json',
      'cache-control',
      'no-store',
      'content-length',
      String(body.length),
      ...extra,
    ],
    body,
  }
}

/** As an answer of gRPC that is a head and nothing else ("Trailers-Only"). */
export function grpcRefusal(code: MeshErrorCode, detail?: string, extra: HeaderList = []): RefusalAnswer {
  const { message, grpcStatus } = MESH_ERRORS[code]
  return {
    status: 200,
    headers: [
      MESH_ERROR_HEADER,
      code,
      'content-type',
      'application/grpc',
      'grpc-status',
      String(grpcStatus),
      'grpc-message',
      grpcMessage(detail === undefined ? message : `${message} (${detail})`),
      ...extra,
    ],
    body: NO_BODY,
  }
}

/** A whole answer as bytes, after which its connection ends. `method`: of what was asked; `date`: the Date field. */
export function lastAnswer(
  { code, detail }: { code: MeshErrorCode; detail?: string | undefined },
  method: string,
  date: string,
): Buffer {
  const { status, headers, body } = refusalAnswer(code, detail)
  const facts = { method, minor: 1, status, statusText: '', headers, keepsAlive: false, idleMs: 0, date } as const
  const head = Buffer.from(answerHead(facts).text, 'latin1')
  return method === 'HEAD' ? head : Buffer.concat([head, body])
}
